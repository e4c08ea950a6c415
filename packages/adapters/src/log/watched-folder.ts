/** For tests: logs in memory whose appends can be held up and made to fail, and whose work is noted. */
import { memoryFolder } from "../memory/memory-log.ts";
import type { CommitLog, LogFolder } from "./commit-log.ts";

export class WatchedFolder implements LogFolder {
  readonly #folder: LogFolder = memoryFolder();
  readonly #watched = new Map<CommitLog, CommitLog>();
  /** How many commits each append was given. */
  readonly groups: number[] = [];
  /** Where each reading of a log began. */
  readonly reads: number[] = [];
  failure: unknown;
  closed = false;
  #hold: Promise<void> | undefined;
  #release: () => void = () => undefined;

  hold(): void {
    this.#hold = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#release();
    this.#hold = undefined;
  }

  readonly list = (): Promise<readonly string[]> => this.#folder.list();
  readonly close = (): Promise<void> => {
    this.closed = true;
    return this.#folder.close();
  };
  readonly open = async (name: string): Promise<CommitLog | undefined> => {
    const log = await this.#folder.open(name);
    return log === undefined ? undefined : this.#watch(log);
  };
  readonly create = async (name: string, chainId: string): Promise<CommitLog> =>
    this.#watch(await this.#folder.create(name, chainId));

  #watch(log: CommitLog): CommitLog {
    const known = this.#watched.get(log);
    if (known !== undefined) return known;
    const watched: CommitLog = {
      chainId: log.chainId,
      growsElsewhere: false,
      append: async (expectedLength, texts) => {
        this.groups.push(texts.length);
        await this.#hold;
        if (this.failure !== undefined) throw this.failure;
        await log.append(expectedLength, texts);
      },
      read: (after, upTo) => {
        this.reads.push(after);
        return log.read(after, upTo);
      },
      readAt: (numbers) => log.readAt(numbers),
      place: (number) => log.place(number),
    };
    this.#watched.set(log, watched);
    return watched;
  }
}
