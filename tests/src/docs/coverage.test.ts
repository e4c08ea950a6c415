/** The table of what is covered: every row once, every test that it names there. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, "utf8");

interface Row {
  readonly id: string;
  readonly isDone: boolean;
  readonly target: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
}

/** Bars inside of a cell are written with a backslash. */
const cellsOf = (line: string): string[] =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));

const rowOf = (line: string): Row => {
  const [done, id = "", , , , target = "", tests = ""] = cellsOf(line);
  return {
    id,
    isDone: done === "[x]",
    target,
    tests: tests
      .split("<br>")
      .filter((each) => each !== "")
      .map((each) => {
        const [, file = "", title = ""] = /^`(.+?)`: (.+)$/.exec(each) ?? [];
        return { file, title };
      }),
  };
};

const rows = read("docs/coverage.md")
  .split("\n")
  .filter((line) => /^\| \[[ x]\] \|/.test(line))
  .map(rowOf);

/** How many rows there are of each group. */
const groups: Readonly<Record<string, number>> = {
  AUTH: 8,
  IDEM: 13,
  ERR: 15,
  MON: 11,
  META: 8,
  ID: 12,
  CUS: 15,
  ACC: 15,
  BIL: 30,
  RUL: 12,
  PAY: 10,
  WH: 24,
  FILE: 13,
  REP: 11,
  FLOW: 7,
};

/** Titles as a test file writes them: what stands behind `it(`, `test(` or a table of cases. */
const titlesOf = (file: string): Set<string> =>
  new Set(
    [...read(file).matchAll(/["`]((?:\\.|[^"`\\\n])+)["`],\s*(?:async\s*)?(?:\(|\{|async)/g)].map(
      ([, title = ""]) => title.replaceAll(/\\(.)/g, "$1"),
    ),
  );

describe("the table of what is covered", () => {
  it("has every row once, in order", () => {
    const expected = Object.entries(groups).flatMap(([group, count]) =>
      Array.from({ length: count }, (_, index) => `${group}-${String(index + 1).padStart(2, "0")}`),
    );
    expect(rows.map(({ id }) => id)).toEqual(expected);
  });

  it("has every row done, with a test of each side that it is about", () => {
    for (const { id, isDone, target, tests } of rows) {
      expect(isDone, id).toBe(true);
      const isServers = ({ file }: { file: string }): boolean => file.startsWith("tests/src/mock/");
      if (target === "server" || target === "both") expect(tests.some(isServers), id).toBe(true);
      if (target === "core") expect(tests.every(isServers), id).toBe(false);
      expect(tests.length, id).toBeGreaterThan(0);
      expect(new Set(tests.map(({ file, title }) => file + title)).size, id).toBe(tests.length);
    }
  });

  it("names tests that exist", () => {
    const titles = new Map<string, Set<string>>();
    for (const { id, tests } of rows)
      for (const { file, title } of tests) {
        expect(file, id).toMatch(/\.test\.ts$/);
        const known = titles.get(file) ?? titlesOf(file);
        titles.set(file, known);
        expect(known.has(title), `${id}: ${file} has no test "${title}"`).toBe(true);
      }
  });
});
