/** What the commands of one run share: where output goes, the options that stand anywhere, the store. */
import { type Ledger, openLedger, type Store } from "@tallystick/core";
import { jsonText } from "@tallystick/reports";
import { usage } from "./cli-error.ts";
import { type Colors, colorsFor, type Io } from "./io.ts";
import { existingBook, writtenBook } from "./stores/choose-book.ts";
import type { OpenedStore, StoreUse } from "./stores/store-scheme.ts";
import { openStore } from "./stores/store-url.ts";

/** Options that every command takes, before or behind its name. */
export interface CommonOptions {
  readonly store?: string;
  readonly book?: string;
  readonly timeZone: string;
  readonly json?: true;
}

export interface OpenedLedger extends OpenedStore {
  readonly ledger: Ledger;
  readonly book: string;
}

export class Session {
  readonly io: Io;
  readonly colors: Colors;
  readonly #options: () => CommonOptions;
  /** As the command that ran left it. */
  exitCode = 0;

  constructor(io: Io, options: () => CommonOptions) {
    this.io = io;
    this.colors = colorsFor(io.stdout, io.env);
    this.#options = options;
  }

  get json(): boolean {
    return this.#options().json === true;
  }

  get askedBook(): string | undefined {
    return this.#options().book;
  }

  /** What ends a day. */
  get timeZone(): string {
    return this.#options().timeZone;
  }

  /** What was given as `--store`, for a command that can do without. */
  get askedStore(): string | undefined {
    return this.#options().store;
  }

  /** What was given as `--store`, as it is to be repeated in a command. */
  get storeUrl(): string {
    const { store } = this.#options();
    if (store === undefined)
      throw usage(
        "name the store with --store, such as --store file:book.jsonl or --store sqlite:books.db",
      );
    return store;
  }

  /** What stands on standard output. */
  print(text: string): void {
    this.io.stdout.write(text);
  }

  /** A remark beside the answer. */
  note(sentence: string): void {
    this.io.stderr.write(`${colorsFor(this.io.stderr, this.io.env).yellow("note:")} ${sentence}\n`);
  }

  /** The report as JSON where that was asked for, else as text. */
  answer(report: object, text: () => string): void {
    if (this.json) for (const piece of jsonText(report)) this.print(piece);
    else this.print(text());
  }

  /** Opens the store, works with it and closes it, whatever happens. */
  async withStore<Result>(
    use: StoreUse,
    work: (opened: OpenedStore) => Promise<Result>,
  ): Promise<Result> {
    const { host } = this.io;
    const opened = await openStore(this.storeUrl, {
      use,
      host,
      onRecovery: (sentence) => this.note(sentence),
    });
    try {
      return await work(opened);
    } finally {
      await opened.store.close();
    }
  }

  /** The same for one book of it, chosen by `--book` or because there is no other. */
  withLedger<Result>(
    use: StoreUse,
    work: (opened: OpenedLedger) => Promise<Result>,
  ): Promise<Result> {
    return this.withStore(use, async (opened) => {
      const book = await this.#book(use, opened.store);
      return work({
        ...opened,
        book,
        ledger: openLedger({ store: opened.store, book, timeZone: this.timeZone }),
      });
    });
  }

  #book(use: StoreUse, store: Store): Promise<string> {
    return (use === "create" ? writtenBook : existingBook)(store, this.askedBook);
  }
}
