/** For tests of the command line: runs of it inside this process and outside, and places to run in. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { seededHost } from "@tallystick/adapters/host";
import { type Io, run } from "@tallystick/cli";
import type { Host } from "@tallystick/core";
import { expect, onTestFinished, vi } from "vitest";

// A whole month, or a process of its own, takes as long as the machine needs.
vi.setConfig({ testTimeout: 300_000 });

export const root = fileURLToPath(new URL("../../../", import.meta.url));
export const spark = (name: string): string => join(root, "examples/bright-spark", name);

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `--json` gave. The shapes are asserted where they are used. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads what it then compares.
const jsonOf = ({ stdout }: Pick<Ran, "stdout">): any => JSON.parse(stdout);
// biome-ignore lint/suspicious/noExplicitAny: as above.
export const errorOf = ({ stderr }: Pick<Ran, "stderr">): any => JSON.parse(stderr).error;

let runs = 0;
/** No two runs draw the same ids, as no two processes do. Its clock stands still in April 2026. */
const freshHost = (): Host => {
  runs += 1;
  return hostAt(`run ${runs}`);
};

/** A machine whose clock stands still at `now`, and whose ids are those of its seed. */
export const hostAt = (seed: string, now = "2026-04-01T00:00:00Z"): Host =>
  seededHost({ seed, now: Date.parse(now) });

/** The same, which calls `act` at the so-many-th hash: in the midst of work. */
export const hostThat = (act: () => void, afterHashes = 300): Host => {
  const host = freshHost();
  let hashes = 0;
  return {
    ...host,
    sha256: (text) => {
      hashes += 1;
      if (hashes === afterHashes) act();
      return host.sha256(text);
    },
  };
};

/** Runs a command line inside this process. */
export const tallystick = async (argv: readonly string[], io: Partial<Io> = {}): Promise<Ran> => {
  let [stdout, stderr] = ["", ""];
  const code = await run(argv, {
    host: freshHost(),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    ...io,
  });
  return { code, stdout, stderr };
};

/** The same, where anything but a certain exit code is a failed test; gives the JSON. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export const answer = async (argv: readonly string[], code = 0): Promise<any> => {
  const ran = await tallystick([...argv, "--json"]);
  expect(ran.code, ran.stderr).toBe(code);
  return jsonOf(ran);
};

/** The balances of a store in the shape of `expected.json`. */
export const balancesOf = async (store: string): Promise<Record<string, object>> => {
  const { data } = await answer(["balances", "--store", store]);
  return Object.fromEntries(
    // biome-ignore lint/suspicious/noExplicitAny: rows of JSON.
    data.map((row: any) => [
      row.id,
      row.kind === "bill"
        ? {
            amount_paid: row.amount_paid,
            amount_remaining: row.amount_remaining,
            status: row.status,
          }
        : { balance: row.balance },
    ]),
  );
};

export const nodeFlags = [
  "--disable-warning=ExperimentalWarning",
  "--conditions=tallystick-source",
];

/** Runs a TypeScript file of the repository in a process of its own. */
export const spawned = (
  file: string,
  argv: readonly string[],
  { cwd = root, env = {} }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ran & { readonly signal: string | null }> =>
  new Promise((resolve) => {
    const { NO_COLOR: _no, FORCE_COLOR: _force, ...inherited } = process.env;
    const child = execFile(
      process.execPath,
      [...nodeFlags, join(root, file), ...argv],
      { cwd, env: { ...inherited, ...env }, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, signal: child.signalCode, stdout, stderr }),
    );
  });

/**
 * Runs the program under a shell, so that its output and its limits are the shell's. `line` ends in
 * `"$0" "$@"`, which is the program.
 */
export const shelled = (line: string, argv: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const child = execFile(
      "sh",
      ["-c", line, process.execPath, ...nodeFlags, join(root, program), ...argv],
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });

export const program = "packages/cli/src/main.ts";

/** A new folder that goes when the test has ended. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "tallystick-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

/** A store that does not exist yet: its path and its URL. */
export const newStore = async (): Promise<{
  readonly folder: string;
  readonly path: string;
  readonly store: string;
}> => {
  const folder = await temporaryFolder();
  const path = join(folder, "book.jsonl");
  return { folder, path, store: `file:${path}` };
};

/** A file with these lines, in a new folder. */
export const fileOf = async (lines: readonly string[] | string | Uint8Array): Promise<string> => {
  const path = join(await temporaryFolder(), "input.jsonl");
  const content =
    typeof lines === "string" || lines instanceof Uint8Array ? lines : `${lines.join("\n")}\n`;
  await writeFile(path, content);
  return path;
};

export const linesOf = async (path: string): Promise<string[]> =>
  (await readFile(path, "utf8")).split("\n").filter((line) => line !== "");

/** One customer, account and bill that fit together; members may be laid over each. */
export const customer = (more: object = {}): object => ({
  object: "customer",
  id: "bcus_a",
  external_reference: "CUST-A",
  name: "A",
  currency: "ZAR",
  balance: 10_000,
  payment_rules: {
    min_amount: 100,
    max_amount: 1_000_000,
    underpayment_allowed: true,
    overpayment_allowed: true,
  },
  ...more,
});
export const account = (more: object = {}): object => ({
  object: "account",
  id: "bacc_a",
  external_reference: "ACC-A",
  customer_id: "bcus_a",
  ...more,
});
export const bill = (more: object = {}): object => ({
  object: "bill",
  id: "bill_a",
  external_reference: "BILL-A",
  customer_id: "bcus_a",
  account_id: "bacc_a",
  status: "unpaid",
  currency: "ZAR",
  amount_due: 5_000,
  amount_paid: 0,
  amount_remaining: 5_000,
  ...more,
});

export const jsonLines = (objects: readonly object[]): Promise<string> =>
  fileOf(objects.map((object) => JSON.stringify(object)));

/** A store that holds these objects. */
export const mirrored = async (
  objects: readonly object[],
): Promise<{ readonly path: string; readonly store: string; readonly folder: string }> => {
  const place = await newStore();
  await answer(["mirror", await jsonLines(objects), "--store", place.store]);
  return place;
};
