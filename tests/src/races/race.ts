/**
 * Processes that share one book, and a scheduler that decides in which order their calls reach the
 * store and in which order the replies come back. Between two steps everything that can go on goes
 * on, so the scheduler always chooses among all that wait.
 */
import { setImmediate } from "node:timers/promises";
import { type SeededHost, seededHost } from "@tallystick/adapters/host";
import {
  type CommitDraft,
  isLedgerError,
  type Ledger,
  LedgerError,
  openLedger,
  type RecordedCommit,
  type RecordedEvent,
  type Store,
} from "@tallystick/core";
import fc from "fast-check";
import { type Call, run } from "../arbitraries/calls.ts";
import { startMs } from "../arbitraries/histories.ts";
import { runs } from "../arbitraries/settings.ts";
import { changed, sharedStore } from "../ledger/open.ts";
import { type Came, came, collect } from "../properties/play.ts";

/** What becomes of an append on its way. */
export type Fate = "arrives" | "never arrives" | "reply lost";

/** A ledger with a way of its own to the book, and what was seen on that way. */
export interface Process {
  readonly name: string;
  readonly ledger: Ledger;
  readonly seen: {
    appends: number;
    /** Appends that set out together count once. */
    groups: number;
    /** What the store answered to appends that it did not write. */
    readonly lost: string[];
  };
}

/** A call as it was made in a race. */
export interface Raced {
  readonly call: Call;
  readonly by: Process;
  readonly came: Came;
  /** How many commits the book held when it was asked, and when it was answered. */
  readonly before: number;
  readonly after: number;
}

const ioError = (): LedgerError => new LedgerError("STORE_IO", "the line to the store broke");

export class Race {
  readonly host: SeededHost = seededHost({ now: startMs });
  /** The book as nobody in the race sees it: at once. */
  readonly shared: Store = sharedStore(this.host);
  readonly raced: Raced[] = [];
  readonly #scheduler: fc.Scheduler;
  #commits = 0;

  constructor(scheduler: fc.Scheduler) {
    this.#scheduler = scheduler;
  }

  /**
   * Another process; `fates` says what becomes of its appends, those after the last arrive. One that
   * is `alone` has the store for itself and believes its cache.
   */
  process(
    name: string,
    {
      fates = [],
      alone = false,
    }: { readonly fates?: readonly Fate[]; readonly alone?: boolean } = {},
  ): Process {
    const seen: Process["seen"] = { appends: 0, groups: 0, lost: [] };
    const distant = this.#distant(name, seen, fates.values());
    const store = alone
      ? changed(distant, { capabilities: { durable: false, shared: false } })
      : distant;
    return { name, seen, ledger: openLedger({ store }) };
  }

  /** A ledger that waits for nobody, for what comes before a race and after it. */
  quietly(): Ledger {
    return openLedger({ store: this.shared });
  }

  /** Lets a process make a call when its turn comes, and keeps what came of it. */
  async ask(by: Process, call: Call): Promise<Came> {
    await this.#turn(`${by.name} asks`);
    const options = { ...call.options, correlationId: `call-${this.raced.length}` };
    const asked = { ...call, options } as Call;
    const place = this.raced.length;
    const before = this.#commits;
    this.raced.push({
      call: asked,
      by,
      came: { refused: { code: "", detail: {} } },
      before,
      after: before,
    });
    const result = await came(run(by.ledger, asked));
    this.raced[place] = { call: asked, by, came: result, before, after: this.#commits };
    return result;
  }

  /** Goes on, step by step, until the work is done. */
  async finish<Result>(work: Promise<Result>): Promise<Result> {
    let done = false;
    const finished = work.finally(() => {
      done = true;
    });
    finished.catch(() => undefined);
    for (await setImmediate(); !done; await setImmediate())
      if (this.#scheduler.count() > 0) await this.#scheduler.waitOne();
    return finished;
  }

  /** Lets all make their calls at once, and waits for the last answer. */
  run(calls: readonly (readonly [Process, Call])[]): Promise<Came[]> {
    return this.finish(Promise.all(calls.map(([by, call]) => this.ask(by, call))));
  }

  /** Lets one process make all its calls in one breath, in this order. */
  together(by: Process, calls: readonly Call[]): Promise<Came[]> {
    return this.finish(Promise.all(calls.map((call) => came(run(by.ledger, call)))));
  }

  async commits(): Promise<RecordedCommit[]> {
    return (await collect(this.shared.readCommits("default"))).flat();
  }

  async events(): Promise<RecordedEvent[]> {
    return (await collect(this.shared.readBook("default"))).flat();
  }

  /** To be called when the book was written past the processes of the race. */
  async prepared(): Promise<void> {
    this.#commits = (await this.shared.head("default"))?.commit ?? 0;
  }

  #turn(label: string): Promise<void> {
    return this.#scheduler.schedule(Promise.resolve(), label);
  }

  #distant(name: string, seen: Process["seen"], fates: Iterator<Fate>): Store {
    const { shared } = this;
    const reading = (): Promise<void> => this.#turn(`${name} reads`);
    let departure: Promise<void> | undefined;
    const write = async (book: string, draft: CommitDraft): Promise<RecordedCommit> => {
      const fate = fates.next().value ?? "arrives";
      if (fate === "never arrives") throw ioError();
      const [written] = await Promise.allSettled([shared.append(book, draft)]);
      if (written.status === "fulfilled")
        this.#commits = Math.max(this.#commits, written.value.number);
      else if (isLedgerError(written.reason)) seen.lost.push(written.reason.code);
      await this.#turn(`${name} hears`);
      if (fate === "reply lost") throw ioError();
      if (written.status === "rejected") throw written.reason;
      return written.value;
    };
    return changed(shared, {
      append: (book, draft) => {
        seen.appends += 1;
        departure ??= this.#turn(`${name} writes`).then(() => {
          departure = undefined;
          seen.groups += 1;
        });
        return departure.then(() => write(book, draft));
      },
      async *readStream(...asked) {
        await reading();
        yield* shared.readStream(...asked);
      },
      async *readBook(...asked) {
        await reading();
        yield* shared.readBook(...asked);
      },
      async *readCommits(...asked) {
        await reading();
        yield* shared.readCommits(...asked);
      },
      revisions: (...asked) => reading().then(() => shared.revisions(...asked)),
      resolveClaims: (...asked) => reading().then(() => shared.resolveClaims(...asked)),
      paymentClaims: (...asked) => reading().then(() => shared.paymentClaims(...asked)),
      findOutcome: (...asked) => reading().then(() => shared.findOutcome(...asked)),
      query: (...asked) => reading().then(() => shared.query(...asked)),
      head: (...asked) => reading().then(() => shared.head(...asked)),
    });
  }
}

/** Holds a property of races, each over an empty book and in an order of its own. */
export const holdsInRaces = <Given>(
  numRuns: number,
  given: fc.Arbitrary<Given>,
  property: (race: Race, given: Given) => Promise<void>,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.scheduler(), given, async (scheduler, each) => {
      const race = new Race(scheduler);
      await property(race, each);
      await race.shared.close();
    }),
    runs(numRuns),
  );
