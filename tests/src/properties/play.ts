/** Running a generated history on a ledger, and keeping what was asked and what was answered. */
import { type SeededHost, seededHost } from "@tallystick/adapters/host";
import {
  instantOfMs,
  isLedgerError,
  type Ledger,
  openLedger,
  type RecordedCommit,
  type RecordedEvent,
  type Store,
} from "@tallystick/core";
import fc from "fast-check";
import { type Answer, type Call, type Command, callOf, run } from "../arbitraries/calls.ts";
import { type History, startMs } from "../arbitraries/histories.ts";
import type { Kind } from "../arbitraries/names.ts";
import { runs } from "../arbitraries/settings.ts";
import type { Fresh, StoreUnderTest } from "./stores.ts";

interface RefusedAnswer {
  readonly code: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What a call came to. Anything that is no refusal and no answer is thrown. */
export type Came = { readonly answer: Answer } | { readonly refused: RefusedAnswer };

export const came = async (answering: Promise<Answer>): Promise<Came> => {
  try {
    return { answer: await answering };
  } catch (error) {
    if (!isLedgerError(error)) throw error;
    return { refused: { code: error.code, detail: error.detail } };
  }
};

export type Played = { readonly call: Call; readonly now: string } & Came;

/** The stream of an object's creation among these events, by its kind and reference. */
const createdIn = (events: readonly RecordedEvent[]): [string, string][] =>
  events.flatMap(({ streamId, data }) => {
    const [kind = "", id = ""] = streamId.split("/");
    return "awaited" in data ? [[`${kind}/${data.externalReference}`, id]] : [];
  });

/** A history as it goes on: the ledger, its clock, the names that are known and what was played. */
export class Play {
  readonly host: SeededHost;
  readonly played: Played[] = [];
  readonly #ids = new Map<string, string>();
  #ledger: Ledger;

  constructor(store: Store, host: SeededHost) {
    this.host = host;
    this.#ledger = openLedger({ store });
  }

  get ledger(): Ledger {
    return this.#ledger;
  }

  /** Goes on with this store, as another process would. */
  continueOn(store: Store): void {
    this.#ledger = openLedger({ store });
  }

  readonly idOf = (kind: Kind, reference: string): string | undefined =>
    this.#ids.get(`${kind}/${reference}`);

  /** Moves the clock and says what the command asks for; undefined where it repeats what never was. */
  asked(command: Command): Call | undefined {
    this.host.clock.advance(command.advanceMs);
    if ("call" in command) return callOf(command.call, this.idOf);
    return this.played.at(-1 - (command.again % Math.max(1, this.played.length)))?.call;
  }

  async run(call: Call): Promise<Played> {
    const now = instantOfMs(this.host.now());
    const played = { call, now, ...(await came(run(this.ledger, call))) };
    if ("answer" in played && call.options.dryRun !== true)
      for (const [name, id] of createdIn(played.answer.events)) this.#ids.set(name, id);
    this.played.push(played);
    return played;
  }

  async runAll(history: readonly Command[]): Promise<void> {
    for (const command of history) {
      const call = this.asked(command);
      if (call !== undefined) await this.run(call);
    }
  }

  /** Every event of the book. */
  async events(): Promise<RecordedEvent[]> {
    return collect(this.ledger.events());
  }

  async commits(): Promise<RecordedCommit[]> {
    return (await collect(this.ledger.store.readCommits(this.ledger.book))).flat();
  }
}

export const collect = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
};

/** A run of a history, with the store that it ran on. */
export interface Bench {
  readonly play: Play;
  readonly fresh: Fresh;
}

/** Holds a property for generated histories, each on an empty store. */
export const holds = <Given>(
  { open, share }: StoreUnderTest,
  numRuns: number,
  given: fc.Arbitrary<Given>,
  property: (bench: Bench, given: Given) => Promise<void>,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(given, async (each) => {
      const host = seededHost({ now: startMs });
      const fresh = await open(host);
      try {
        await property({ play: new Play(fresh.store, host), fresh }, each);
      } finally {
        await fresh.dispose();
      }
    }),
    runs(numRuns * share),
  );

/** Holds a property of histories that have been played to their end. */
export const holdsAfter = (
  store: StoreUnderTest,
  numRuns: number,
  given: fc.Arbitrary<History>,
  property: (bench: Bench) => Promise<void>,
): Promise<void> =>
  holds(store, numRuns, given, async (bench, history) => {
    await bench.play.runAll(history);
    await property(bench);
  });
