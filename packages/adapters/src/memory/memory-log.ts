/** Logs in arrays: the smallest `LogFolder` there is, and the example for whoever writes another. */
import { invariant } from "@tallystick/core";
import type { CommitLog, CommitPlace, LogFolder } from "../log/commit-log.ts";

/** How many commits a reader is handed at once. */
const batchMax = 256;

class MemoryLog implements CommitLog {
  readonly chainId: string;
  readonly growsElsewhere = false;
  readonly #texts: string[] = [];
  readonly #begun: (log: MemoryLog) => void;

  constructor(chainId: string, begun: (log: MemoryLog) => void) {
    this.chainId = chainId;
    this.#begun = begun;
  }

  async append(expectedLength: number, texts: readonly string[]): Promise<void> {
    invariant(
      this.#texts.length === expectedLength,
      `the log holds ${this.#texts.length} commits, not ${expectedLength}`,
    );
    this.#texts.push(...texts);
    this.#begun(this);
  }

  async *read(
    after: number,
    upTo: number = Number.MAX_SAFE_INTEGER,
  ): AsyncGenerator<readonly string[], void, undefined> {
    const end = Math.min(upTo, this.#texts.length);
    for (let at = after; at < end; at += batchMax)
      yield this.#texts.slice(at, Math.min(at + batchMax, end));
  }

  async readAt(numbers: readonly number[]): Promise<readonly string[]> {
    return numbers.map((number) => {
      const text = this.#texts[number - 1];
      invariant(text !== undefined, `the log holds no commit ${number}`);
      return text;
    });
  }

  place(number: number): CommitPlace {
    return { text: `commit ${number}`, detail: {} };
  }
}

export const memoryFolder = (): LogFolder => {
  const logs = new Map<string, CommitLog>();
  return {
    list: async () => [...logs.keys()],
    open: async (book) => logs.get(book),
    create: async (book, chainId) => new MemoryLog(chainId, (log) => logs.set(book, log)),
    close: async () => logs.clear(),
  };
};
