/** The fixtures of the storage format: real books, and beside each what it has to come to for ever. */
import { copyFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Figured } from "./replay.ts";
import type { Call } from "./scenarios.ts";

export interface Expected extends Figured {
  readonly book: string;
  readonly head: { readonly commit: number; readonly position: number; readonly hash: string };
  /** The calls that made the book, and what each came to. */
  readonly sent: readonly { readonly call: Call; readonly answer: string }[];
}

export interface Fixture {
  /** Such as `v1/bills`. */
  readonly name: string;
  readonly path: string;
  readonly expected: Expected;
}

const stored = fileURLToPath(new URL("../../stored/", import.meta.url));

const readFixtures = async (): Promise<Fixture[]> => {
  const files = (await readdir(stored, { recursive: true })).filter((name) =>
    name.endsWith(".jsonl"),
  );
  return Promise.all(
    files.sort().map(async (file) => {
      const path = join(stored, file);
      const text = await readFile(path.replace(/jsonl$/, "expected.json"), "utf8");
      const name = file.replaceAll("\\", "/").replace(/\.jsonl$/, "");
      return { name, path, expected: JSON.parse(text) as Expected };
    }),
  );
};

export const fixtures: readonly Fixture[] = await readFixtures();

/** A folder of its own that goes when the test has ended. */
const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "tallystick-stored-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

/** A copy that may be written to; the fixture itself is only ever read. */
export const copyOf = async ({ path }: Pick<Fixture, "path">): Promise<string> => {
  const copy = join(await temporaryFolder(), basename(path));
  await copyFile(path, copy);
  return copy;
};
