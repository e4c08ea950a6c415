/** What a machine can see of the house style: rules that would otherwise be broken by accident. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { errorCatalogue, eventCatalogue } from "@tallystick/core";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => path !== "");
const read = (path: string): string => readFileSync(new URL(path, `file://${root}`), "utf8");
const sources = tracked.filter(
  (path) => /^packages\/.*\.ts$/.test(path) && !path.endsWith(".test.ts"),
);

describe("the lockfile", () => {
  const lockfile = read("pnpm-lock.yaml");

  it("names no host", () => {
    expect(lockfile).not.toMatch(/:\/\//);
  });

  it("holds the macOS sibling of each Linux binary", () => {
    const binaries = [...lockfile.matchAll(/^ {2}'?(@?[\w@/.-]*linux-x64[\w.-]*)@/gm)].map(
      ([, name = ""]) => name,
    );
    expect(binaries.length).toBeGreaterThan(5);
    for (const binary of new Set(binaries)) {
      const sibling = binary.replace("linux-x64", "darwin-arm64").replace(/-(gnu|musl)$/, "");
      // Node's own package for Apple silicon has a name of its own.
      const names = [sibling, sibling.replace(/^node-darwin/, "node-bin-darwin")];
      expect(
        names.some((name) => lockfile.includes(`${name}@`)),
        binary,
      ).toBe(true);
    }
  });
});

describe("the sources", () => {
  it("use every error code of the catalogue", () => {
    const code = sources
      .filter((path) => !path.endsWith("kernel/errors.ts"))
      .map(read)
      .join("\n");
    for (const name of Object.keys(errorCatalogue)) expect(code, name).toContain(`"${name}"`);
  });

  it("fold every event type of the catalogue", () => {
    const evolve = read("packages/core/src/domain/evolve.ts");
    for (const type of Object.keys(eventCatalogue)) {
      const updated = type.endsWith(".updated") || type.endsWith(".created");
      expect(updated || evolve.includes(`"${type}"`), type).toBe(true);
    }
  });

  it("leave nothing unfinished", () => {
    const marks = new RegExp(["TO", "DO|FIX", "ME|HA", "CK"].join(""));
    for (const path of sources) expect(read(path), path).not.toMatch(marks);
  });
});

describe("the tests", () => {
  it("skip nothing and single out nothing", () => {
    const tests = tracked.filter(
      (path) => path.endsWith(".test.ts") && !path.endsWith("tidy.test.ts"),
    );
    expect(tests.length).toBeGreaterThan(10);
    for (const path of tests) expect(read(path), path).not.toMatch(/\.(only|todo)\(/);
  });
});
