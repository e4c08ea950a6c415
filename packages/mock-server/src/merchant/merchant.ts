/**
 * A merchant: what one secret key sees. A book of its own, a clock, settings, a journal, and what is
 * remembered beside the book. Nothing is written for one who only reads.
 */

import type { RecordChange, Records } from "@tallystick/adapters/records";
import {
  type Head,
  type Json,
  type Ledger,
  msOfInstant,
  openLedger,
  type Store,
} from "@tallystick/core";
import type { Mode } from "../http/key.ts";
import { Problem } from "../http/problem.ts";
import { type ClockState, MerchantClock } from "./clock.ts";
import { generationCollections, merchantCollection } from "./collections.ts";
import type { DueWork } from "./due-work.ts";
import { Faults } from "./faults.ts";
import { Gate } from "./gate.ts";
import { RequestJournal } from "./journal.ts";
import { policyOf, type Settings, settingsSchema } from "./settings.ts";
import { Streams } from "./streams.ts";
import { Turns } from "./turns.ts";

export interface MerchantSources {
  /** Public: says nothing of the key. */
  readonly name: string;
  readonly store: Store;
  readonly records: Records;
  readonly machineMs: () => number;
  /** Later than at any call before, of any merchant. */
  readonly adoptionMs: () => number;
  /** For a merchant that has not settled anything itself. */
  readonly defaults: { readonly settings: Settings; readonly clock: ClockState };
}

/** The name of a merchant's book; `reset` begins the next generation. */
const bookOf = (name: string, generation: number): string => `${name}-${generation}`;

/** What is remembered of a book that was taken over from elsewhere. */
export interface Adopted {
  /** When, in milliseconds since 1970: near the machine's time, and no two of a server are equal. */
  readonly atMs: number;
  /** Where it ended then: what lies up to here did not happen to this merchant. */
  readonly position: number;
}

/** The name of the merchant whose book it is. */
export const merchantOfBook = (book: string): string => book.slice(0, book.lastIndexOf("-"));

const ownRecord = (key: string, value: Json): RecordChange => ({
  kind: "put",
  collection: merchantCollection,
  key,
  value,
});

export class Merchant {
  readonly name: string;
  readonly mode: Mode;
  readonly store: Store;
  readonly clock: MerchantClock;
  readonly journal: RequestJournal = new RequestJournal();
  /** What is to go wrong on purpose. */
  readonly faults: Faults;
  /** Keys of requests that are being answered for the first time. */
  readonly running: Set<string> = new Set();
  /** What happens by itself as the clock moves; whoever plans such things adds a source here. */
  readonly dueWork: DueWork[] = [];
  /** Told before the merchant is let go of: to stop what runs for it. */
  readonly onClose: (() => Promise<void>)[] = [];
  /** Told before the book is replaced: to let go of it until told of the new one. */
  readonly onReplacing: (() => Promise<void>)[] = [];
  /** Told after the clock was put somewhere, or let run. */
  readonly onClock: (() => void)[] = [];
  /** Whether something goes on by itself: the merchant is not let go of meanwhile. */
  readonly goesOn: (() => boolean)[] = [];
  /** Told after another book has taken the place of the one that there was, or was to. */
  readonly onReset: (() => Promise<void>)[] = [];
  /** Ends those who follow its events. */
  readonly streams: Streams = new Streams();
  readonly gate: Gate = new Gate();
  /** How many work with it now; it is not let go of meanwhile. */
  users = 0;
  /** Moves of the clock wait for each other. */
  readonly clockTurns: Turns = new Turns();
  readonly #records: Records;
  readonly #adoptionMs: () => number;
  #settings: Settings;
  #generation: number;
  /** No later generation was ever begun, not even one that came to nothing. */
  #lastGeneration: number;
  #adopted: Adopted | undefined;
  #keyDeleted: boolean;
  #ledger: Ledger;

  private constructor(
    { name, store, records, machineMs, adoptionMs, defaults }: MerchantSources,
    remembered: ReadonlyMap<string, Json>,
  ) {
    this.name = name;
    this.mode = name.startsWith("test-") ? "test" : "live";
    this.store = store;
    this.#records = records;
    this.#adoptionMs = adoptionMs;
    this.clock = new MerchantClock(
      machineMs,
      (remembered.get("clock") as ClockState | undefined) ?? defaults.clock,
    );
    this.#settings = settingsSchema.parse({
      ...defaults.settings,
      ...(remembered.get("settings") as Partial<Settings> | undefined),
    });
    this.#generation = Number(remembered.get("generation") ?? 1);
    this.#lastGeneration = Number(remembered.get("last_generation") ?? this.#generation);
    this.#adopted = remembered.get("adopted") as Adopted | undefined;
    this.#keyDeleted = remembered.get("key_deleted") === true;
    this.faults = new Faults(store.host.sha256);
    this.goesOn.push(() => this.faults.list.length > 0);
    this.#ledger = this.#openLedger();
  }

  /** The merchant as it was left, or a new one. */
  static async open(sources: MerchantSources): Promise<Merchant> {
    const { records, name } = sources;
    const remembered = await records.page(name, merchantCollection, { limit: 10 });
    return new Merchant(sources, new Map(remembered.map(({ key, value }) => [key, value])));
  }

  get book(): string {
    return bookOf(this.name, this.#generation);
  }

  /** Undefined for a book that began here. */
  get adopted(): Adopted | undefined {
    return this.#adopted;
  }

  /** Of the book. Another one after a reset and after a change of settings: ask for it each time. */
  get ledger(): Ledger {
    return this.#ledger;
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** Whether its key was deleted: it may do nothing on `/billing` then. */
  get keyDeleted(): boolean {
    return this.#keyDeleted;
  }

  /** Whether anybody works with it, or something goes on by itself. */
  get busy(): boolean {
    return this.users > 0 || this.goesOn.some((told) => told());
  }

  /** A record beside the book; undefined where there is none. */
  recall(collection: string, key: string): Promise<Json | undefined> {
    return this.#records.get(this.name, collection, key);
  }

  /** Records beside the book, in the order of their keys. */
  recallPage(
    collection: string,
    range: Parameters<Records["page"]>[2],
  ): ReturnType<Records["page"]> {
    return this.#records.page(this.name, collection, range);
  }

  /** Remembers beside the book: all of the changes, or none. */
  remember(...changes: readonly RecordChange[]): Promise<void> {
    return this.#records.write(this.name, changes);
  }

  /** Only while nothing else of the merchant runs. */
  async settle(settings: Settings): Promise<void> {
    await this.#rememberOwn("settings", settings as unknown as Json);
    this.#settings = settings;
    this.#ledger = this.#openLedger();
  }

  /** Moves the clock, and remembers how far it came. */
  async moveClock(untilMs: number): Promise<void> {
    try {
      await this.clock.advance(untilMs, this.dueWork, (state) => this.#keepClock(state));
    } finally {
      for (const told of this.onClock) told();
    }
  }

  /** Lets the clock run, once that is remembered. */
  async letClockRun(): Promise<void> {
    const running = this.clock.running();
    await this.#keepClock(running);
    this.clock.put(running);
    for (const told of this.onClock) told();
  }

  async deleteKey(): Promise<void> {
    await this.#rememberOwn("key_deleted", true);
    this.#keyDeleted = true;
  }

  /** Begins a new, empty generation of the book. Only while nothing else of the merchant runs. */
  reset(): Promise<void> {
    return this.#replacing(async () => {
      const generation = this.#lastGeneration + 1;
      await this.remember(
        ...generationCollections.map((collection) => ({ kind: "clear", collection }) as const),
        { kind: "delete", collection: merchantCollection, key: "key_deleted" },
        { kind: "delete", collection: merchantCollection, key: "adopted" },
        ownRecord("generation", generation),
        ownRecord("last_generation", generation),
      );
      this.#generation = generation;
      this.#lastGeneration = generation;
      this.#adopted = undefined;
      this.#keyDeleted = false;
      this.#ledger = this.#openLedger();
      this.journal.clear();
      this.faults.clear();
      this.streams.end();
    });
  }

  /**
   * Takes over the book that `fill` writes, in place of an empty one; `conflict` unless it is empty, before
   * and after. Where `fill` fails everything is as it was: it writes into a book that is nobody's until
   * it is whole, while everybody else goes on. Where it gives nothing, there is nothing to take over. The clock
   * is moved to the book's last instant if that lies ahead.
   */
  async adopt(fill: (book: string) => Promise<Head | undefined>): Promise<Head | undefined> {
    await this.#requireEmpty();
    this.#lastGeneration += 1;
    const generation = this.#lastGeneration;
    await this.#rememberOwn("last_generation", generation);
    const head = await fill(bookOf(this.name, generation));
    if (head !== undefined) await this.gate.exclusive(() => this.#take(generation, head));
    return head;
  }

  /** Stops what runs for it, and lets go of its memory. */
  async close(): Promise<void> {
    this.streams.close();
    for (const told of this.onClose) await told();
    await this.#records.release(this.name);
  }

  async #take(generation: number, head: Head): Promise<void> {
    await this.#requireEmpty();
    const adopted: Adopted = { atMs: this.#adoptionMs(), position: head.position };
    const { clock } = this;
    const reached =
      head.recordedAt === undefined ? clock.state : clock.reaching(msOfInstant(head.recordedAt));
    await this.#replacing(async () => {
      await this.remember(
        ownRecord("clock", { ...reached }),
        ownRecord("adopted", { ...adopted }),
        ownRecord("generation", generation),
      );
      clock.put(reached);
      this.#generation = generation;
      this.#adopted = adopted;
      this.#ledger = this.#openLedger();
      this.streams.end();
    });
  }

  /** What runs for it lets go of the book meanwhile, and goes on with the one that is there then. */
  async #replacing(replace: () => Promise<void>): Promise<void> {
    for (const told of this.onReplacing) await told();
    try {
      await replace();
    } finally {
      for (const told of this.onReset) await told();
    }
  }

  #keepClock(state: ClockState): Promise<void> {
    return this.#rememberOwn("clock", { ...state });
  }

  async #requireEmpty(): Promise<void> {
    const head = await this.store.head(this.book);
    if (head !== undefined)
      throw new Problem(
        "conflict",
        `the merchant ${this.name} has a book already, of ${head.position} events; reset it first`,
        { reason: "not_empty" },
      );
  }

  #rememberOwn(key: string, value: Json): Promise<void> {
    return this.remember(ownRecord(key, value));
  }

  #openLedger(): Ledger {
    return openLedger({ store: this.store, book: this.book, ...policyOf(this.#settings) });
  }
}
