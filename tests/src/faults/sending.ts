/** A sending process as its parent sees it, and what the file that it wrote to holds. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileStore } from "@tallystick/adapters/file";
import { seededHost } from "@tallystick/adapters/host";
import { memoryStore } from "@tallystick/adapters/memory";
import { type Ledger, openLedger, type RecordedCommit, type Verification } from "@tallystick/core";
import { nodeFlags, root } from "../cli/support.ts";
import { all } from "../ledger/open.ts";
import { answerTo, type Figured, figuresOf } from "../stored/replay.ts";
import { keyOf, waves } from "./commands.ts";

/** A line of the child's: what a command was answered, or what was dropped when it opened the file. */
interface Told {
  readonly key?: string;
  readonly answer?: string;
  readonly recovered?: { readonly bytes: number; readonly afterCommit: number };
}

export interface Sent {
  /** What each command was answered, by its key. */
  readonly answers: ReadonlyMap<string, string>;
  readonly recovered: readonly NonNullable<Told["recovered"]>[];
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Sending {
  readonly path: string;
  readonly first?: number;
  readonly count?: number;
  /** How the child dies; `killed` is by the hand of this process, after so many answers. */
  readonly end?: "never" | "killed" | "answer" | "hash";
  readonly endAt?: number;
  /** No file of the child's may grow beyond this; in blocks of the shell. */
  readonly fileBlocksMax?: number;
}

/** Lets a child send waves to the book at `path`, to the child's end. */
export const send = async ({
  path,
  first = 0,
  count = waves.length,
  end = "never",
  endAt = 0,
  fileBlocksMax,
}: Sending): Promise<Sent> => {
  const script = join(root, "tests/src/faults/sending-child.ts");
  const argv = [...nodeFlags, script, path, String(first), String(count), end, String(endAt)];
  const child =
    fileBlocksMax === undefined
      ? spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] })
      : spawn(
          "sh",
          ["-c", `ulimit -f ${fileBlocksMax}; exec "$0" "$@"`, process.execPath, ...argv],
          {
            stdio: ["ignore", "pipe", "inherit"],
          },
        );
  const closed = once(child, "close") as Promise<[number | null, string | null]>;
  const answers = new Map<string, string>();
  const recovered: NonNullable<Told["recovered"]>[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line) as Told;
    if (told.recovered !== undefined) recovered.push(told.recovered);
    if (told.key === undefined || told.answer === undefined) continue;
    answers.set(told.key, told.answer);
    if (end === "killed" && answers.size === endAt) child.kill("SIGKILL");
  }
  const [code, signal] = await closed;
  return { answers, recovered, code, signal };
};

/** What a key has in a book: the commits that carry its outcome, and the types of its events. */
interface Trace {
  readonly outcomes: number;
  readonly types: readonly string[];
}

const traces = (commits: readonly RecordedCommit[]): Map<string, Trace> => {
  const found = new Map<string, Trace>();
  for (const { outcome, events } of commits) {
    if (outcome === undefined) throw new Error("every command was sent under a key");
    const before = found.get(outcome.key) ?? { outcomes: 0, types: [] };
    const own = events.filter(({ idempotencyKey }) => idempotencyKey === outcome.key);
    if (own.length !== events.length) throw new Error(`${outcome.key} carries another's events`);
    const types = [...before.types, ...own.map(({ type }) => type)];
    found.set(outcome.key, { outcomes: before.outcomes + 1, types });
  }
  return found;
};

export interface Held {
  readonly verified: Verification;
  readonly traces: ReadonlyMap<string, Trace>;
  readonly figures: Figured;
}

const heldBy = async (ledger: Ledger): Promise<Held> => {
  const { entities, suspense } = await figuresOf(ledger);
  return {
    verified: await ledger.verify(),
    traces: traces((await all(ledger.store.readCommits(ledger.book))).flat()),
    figures: { entities, suspense: suspense.toSorted() },
  };
};

/** What the book at `path` holds, read by somebody who changes nothing. */
export const heldAt = async (path: string): Promise<Held> => {
  const store = await fileStore(path, { readOnly: true });
  try {
    return await heldBy(openLedger({ store }));
  } finally {
    await store.close();
  }
};

/** What a book holds to which nothing ever happened, and what each command was answered. */
export const undisturbed = async (): Promise<
  Held & { readonly answers: ReadonlyMap<string, string> }
> => {
  const ledger = openLedger({ store: memoryStore({ host: seededHost() }) });
  const answers = new Map<string, string>();
  for (const wave of waves)
    await Promise.all(
      wave.map(async (call) => answers.set(keyOf(call), await answerTo(ledger, call))),
    );
  return { ...(await heldBy(ledger)), answers };
};

/** Where each whole line of a book's file ends, and the key of its command; the header's is empty. */
export const linesIn = async (
  path: string,
): Promise<{
  readonly bytes: Buffer;
  readonly ends: readonly number[];
  readonly keys: readonly string[];
}> => {
  const bytes = await readFile(path);
  const [ends, keys]: [number[], string[]] = [[], []];
  for (let end = bytes.indexOf("\n") + 1; end > 0; end = bytes.indexOf("\n", end) + 1) {
    const line = bytes.toString("utf8", ends.at(-1) ?? 0, end);
    ends.push(end);
    const { commit } = JSON.parse(line) as { readonly commit?: RecordedCommit };
    keys.push(commit?.outcome?.key ?? "");
  }
  return { bytes, ends, keys };
};
