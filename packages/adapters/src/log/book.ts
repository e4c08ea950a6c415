/**
 * One book over its log: an index that is built by reading the log once, on the first access that
 * needs it, and kept up to date from then on.
 *
 * Writing is a matter of turns: one group, or one batch of an import, at a time. Readers and
 * subscribers see a commit when the log has said that it is durable, and not before.
 */
import {
  type CommitDraft,
  commitClaims,
  genesis,
  type Head,
  type Host,
  type RecordedCommit,
  type TakenClaim,
} from "@tallystick/core";
import { Bell } from "./bell.ts";
import { BookIndex } from "./book-index.ts";
import type { CommitLog, LogFolder } from "./commit-log.ts";
import { DocumentIndex } from "./document-index.ts";
import { copyDraft } from "./draft-copy.ts";
import { GroupWriter } from "./group-writer.ts";
import { misnumbered, refusalOf } from "./judge.ts";
import { corruptAt, readCommits, untrustedFrom } from "./read-commits.ts";
import { Turns } from "./turns.ts";

/** A commit on its way into the log. */
export interface Entry {
  readonly commit: RecordedCommit;
  readonly claims: readonly TakenClaim[];
  readonly text: string;
}

/** A log with what is known of its commits. */
export interface OpenBook {
  readonly log: CommitLog;
  readonly genesis: Head;
  readonly index: BookIndex;
  readonly documents: DocumentIndex;
}

const openBook = (log: CommitLog, index: BookIndex, begin: Head): OpenBook => ({
  log,
  genesis: begin,
  index,
  documents: new DocumentIndex(log, index, begin),
});

export class Book {
  readonly name: string;
  readonly host: Host;
  /** Rings when commits became durable, and when the store closes. */
  readonly news: Bell = new Bell();
  /** Appends and imports: what must not overlap. */
  readonly writes: Turns = new Turns();
  readonly #folder: LogFolder;
  readonly #failed: (error: unknown) => void;
  readonly #group: GroupWriter;
  readonly #catchingUp: Turns = new Turns();
  #opened: OpenBook | undefined;

  /** `failed` is told of every write that the log did not take. */
  constructor(name: string, host: Host, folder: LogFolder, failed: (error: unknown) => void) {
    this.name = name;
    this.host = host;
    this.#folder = folder;
    this.#failed = failed;
    this.#group = new GroupWriter(this);
  }

  /** Takes a copy at once; the commit is written with whatever else arrives meanwhile. */
  append(draft: CommitDraft): Promise<RecordedCommit> {
    return this.#group.add(copyDraft(draft));
  }

  /** The log, without reading it; undefined while the book does not exist. */
  async log(): Promise<CommitLog | undefined> {
    return this.#opened?.log ?? (await this.#folder.open(this.name));
  }

  /**
   * What `look` sees of the book as it is at the time of the call; undefined while it does not
   * exist. Waits where the index has to be built first.
   */
  look<Seen>(look: (book: OpenBook) => Seen): Promise<Seen | undefined> {
    if (this.#opened?.log.growsElsewhere === false) return Promise.resolve(look(this.#opened));
    return this.opened().then((opened) => (opened === undefined ? undefined : look(opened)));
  }

  /** The log with its index, caught up; undefined while the book does not exist. */
  async opened(): Promise<OpenBook | undefined> {
    if (this.#opened?.log.growsElsewhere === false) return this.#opened;
    return this.#catchingUp.take(async () => {
      // Somebody may have built the index, or begun the book, while this waited for its turn.
      if (this.#opened?.log.growsElsewhere === false) return this.#opened;
      const log = await this.log();
      if (log === undefined) return undefined;
      const opened =
        this.#opened ?? openBook(log, this.unbegun(log.chainId), this.genesis(log.chainId));
      await this.#catchUp(opened);
      // The first writer may have begun the book meanwhile, and goes on with its own index.
      this.#opened ??= opened;
      return this.#opened;
    });
  }

  genesis(chainId: string): Head {
    return genesis(this.host.sha256, chainId);
  }

  /** What a book that does not exist is judged against. */
  unbegun(chainId: string): BookIndex {
    return new BookIndex(this.genesis(chainId));
  }

  /**
   * Appends commits that were judged to fit behind `index`, and takes them into it once they are
   * durable. Where there is no book yet, this begins it, on the chain of `index`.
   */
  async write(
    opened: OpenBook | undefined,
    index: BookIndex,
    entries: readonly Entry[],
  ): Promise<void> {
    const begin = index.head;
    let log: CommitLog;
    try {
      log = opened?.log ?? (await this.#folder.create(this.name, begin.chainId));
      await log.append(
        begin.commit,
        entries.map(({ text }) => text),
      );
    } catch (error) {
      this.#failed(error);
      throw error;
    }
    for (const { commit, claims } of entries) index.add(commit, claims);
    if (opened === undefined) this.#opened = openBook(log, index, begin);
    this.news.ring();
  }

  /** Resolves when nothing is being written any more and no reader is building the index. */
  async idle(): Promise<void> {
    await this.#group.drained();
    await this.#catchingUp.idle();
  }

  async #catchUp({ log, index, genesis: begin }: OpenBook): Promise<void> {
    const before = index.head.commit;
    for await (const batch of readCommits(log, { genesis: begin, after: before }))
      for (const commit of batch) {
        const claims = commitClaims(commit.events);
        const problem = misnumbered(commit.events) ?? refusalOf(index, commit, claims)?.message;
        if (problem !== undefined)
          throw untrustedFrom(corruptAt(log, commit.number, problem), index.head);
        index.add(commit, claims);
      }
    if (index.head.commit > before) this.news.ring();
  }
}
