/** Processes that answer messages, one after the other. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

export interface Child {
  /** What it said first; undefined for one that waits to be asked. */
  readonly greeting: unknown;
  ask(question: object): Promise<unknown>;
  /** Resolves when it has ended. */
  end(): Promise<void>;
}

/** The next message; rejects when the child ends without one. */
const said = async (child: ChildProcess): Promise<unknown> => {
  const controller = new AbortController();
  const { signal } = controller;
  const gone = once(child, "exit", { signal }).then(([code]) => {
    throw new Error(`${child.spawnfile} ended with ${code} before it answered`);
  });
  try {
    const [message] = (await Promise.race([once(child, "message", { signal }), gone])) as unknown[];
    return message;
  } finally {
    controller.abort();
    gone.catch(() => undefined);
  }
};

/** Starts a file, named from this folder and without its extension; `greets`: it says something once it is ready. */
export const startChild = async (
  file: string,
  { argv = [], greets = false }: { readonly argv?: readonly string[]; readonly greets?: boolean },
): Promise<Child> => {
  const child = fork(
    fileURLToPath(import.meta.resolve(`./${file}${extname(import.meta.url)}`)),
    argv,
    {
      serialization: "advanced",
    },
  );
  return {
    greeting: greets ? await said(child) : undefined,
    async ask(question) {
      const answer = said(child);
      child.send(question);
      return answer;
    },
    async end() {
      if (!child.connected) return;
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
};
