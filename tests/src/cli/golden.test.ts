/**
 * Golden cases that an accountant can review. Each is a folder of `tests/golden`: the input files, a
 * README.md that works the figures out by hand and shows the command lines with what they print, and
 * in `expected/` the files that they write, to the byte. `TALLYSTICK_WRITE=1` writes down what is
 * printed and written now, for review.
 */
import { existsSync, readdirSync } from "node:fs";
import { copyFile, cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root, temporaryFolder } from "./support.ts";
import { playedPage, printedBy } from "./transcript.ts";

const golden = join(root, "tests/golden");
const names = readdirSync(golden, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const isWriting = process.env["TALLYSTICK_WRITE"] === "1";

/** Files of a case are whatever has one of these endings. */
const paths = /^[\w./-]+\.(?:jsonl|csv|db|journal|beancount|html)$/;

/** The stores that every case is played on, by the name that its command lines have for the first. */
const stores = ["file:book.jsonl", "sqlite:books.db"] as const;

const play = async (name: string, store: string): Promise<void> => {
  const folder = join(golden, name);
  const page = join(folder, "README.md");
  const place = await temporaryFolder();
  await cp(folder, place, { recursive: true });
  let steps = 0;
  const played = await playedPage(await readFile(page, "utf8"), (step) => {
    steps += 1;
    const command = step.command.replaceAll(stores[0], store);
    return printedBy({ ...step, command }, [[paths, place]]);
  });
  expect(steps, "a case has command lines").toBeGreaterThan(0);
  if (isWriting) await writeFile(page, played);
  const expected = join(folder, "expected");
  for (const file of existsSync(expected) ? readdirSync(expected) : []) {
    if (isWriting) await copyFile(join(place, file), join(expected, file));
    const bytes = await readFile(join(place, file), "utf8");
    expect(bytes, file).toBe(await readFile(join(expected, file), "utf8"));
  }
};

describe.each(isWriting ? stores.slice(0, 1) : stores)("on %s", (store) => {
  it.for(names)("the case %s comes to what its page says", (name) => play(name, store));
});

it("every golden case is in the list of them", async () => {
  const list = await readFile(join(golden, "README.md"), "utf8");
  const named = [...list.matchAll(/\]\(([\w-]+)\/README\.md\)/g)].map(([, name = ""]) => name);
  expect(new Set(named)).toEqual(new Set(names));
  expect(named).toHaveLength(names.length);
});
