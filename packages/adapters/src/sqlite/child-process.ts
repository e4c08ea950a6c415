/** For tests: a process of its own that runs a script, and says line by line how it goes. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export interface Child {
  readonly child: ChildProcess;
  /** What it prints. */
  readonly lines: AsyncIterableIterator<string>;
}

const sourceUrl = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);

const imports = `
import { DatabaseSync } from "node:sqlite";
import { openLedger } from "@tallystick/core";
import { sqliteStore } from ${sourceUrl("./sqlite-store.ts")};
import { draftsFor } from ${sourceUrl("../contract/drafts.ts")};
import { nodeHost, seededHost } from ${sourceUrl("../host/node-host.ts")};
const say = (text) => process.stdout.write(text + "\\n");
const args = process.argv.slice(1);
`;

/**
 * Starts a process on a script, which has the stores, `say` and its `args` at hand. `wrapper` is a
 * program to run it under. It is killed when the test ends.
 */
export const startChild = (
  script: string,
  args: readonly string[],
  wrapper: readonly string[] = [],
): Child => {
  const [program, ...before] = [...wrapper, process.execPath] as const;
  const flags = [
    "--conditions=tallystick-source",
    "--experimental-strip-types",
    "--input-type=module",
    "--eval",
    imports + script,
  ];
  const child = spawn(program, [...before, ...flags, ...args], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "--disable-warning=ExperimentalWarning" },
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
};

/** Everything that a process prints until it ends. */
export const outputOf = async ({ lines }: Child): Promise<string[]> => {
  const printed: string[] = [];
  for await (const line of lines) printed.push(line);
  return printed;
};
