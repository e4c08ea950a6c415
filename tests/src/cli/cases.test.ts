/**
 * Cases that an accountant can review: files, command lines, and what they print. A file of the case
 * follows a line `--- NAME`. `TALLYSTICK_WRITE=1` writes down what is printed now, for review.
 */
import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "vitest";
import { temporaryFolder } from "./support.ts";
import { expectPrinted, printedBy, stepsIn } from "./transcript.ts";

const folder = new URL("./cases/", import.meta.url).pathname;
const names = readdirSync(folder).filter((name) => name.endsWith(".case"));
const isWriting = process.env["TALLYSTICK_WRITE"] === "1";

/** Files of a case are whatever has one of these endings. */
const paths = /^[\w./-]+\.(?:jsonl|csv|db|journal|html)$/;

interface Case {
  /** Everything before the first command. */
  readonly head: string;
  readonly files: ReadonlyMap<string, string>;
  readonly transcript: string;
}

const read = (name: string): Case => {
  const text = readFileSync(join(folder, name), "utf8");
  const begin = text.indexOf("\n$ tallystick ") + 1;
  const head = text.slice(0, begin);
  const files = new Map(
    head
      .split(/^--- /m)
      .slice(1)
      .map((part) => {
        const end = part.indexOf("\n");
        return [part.slice(0, end).trim(), `${part.slice(end + 1).trimEnd()}\n`] as const;
      }),
  );
  return { head, files, transcript: text.slice(begin) };
};

describe("a case", () => {
  it.for(names)("%s prints what it says", async (name) => {
    const { head, files, transcript } = read(name);
    const place = await temporaryFolder();
    for (const [path, text] of files) await writeFile(join(place, path), text);
    let written = head;
    for (const step of stepsIn(transcript)) {
      const printed = await printedBy(step, [[paths, place]]);
      written += `$ tallystick ${step.command}\n${printed}\n\n`;
      if (!isWriting) expectPrinted(printed, step);
    }
    if (isWriting) await writeFile(join(folder, name), `${written.trimEnd()}\n`);
  });
});
