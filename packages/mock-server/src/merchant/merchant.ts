/**
 * A merchant: what one secret key sees. A book of its own, a clock, settings, a journal, and what is
 * remembered beside the book. Nothing is written for one who only reads.
 */

import type { RecordChange, Records } from "@tallystick/adapters/records";
import { type Json, type Ledger, openLedger, type Store } from "@tallystick/core";
import type { Mode } from "../http/key.ts";
import { type ClockState, MerchantClock } from "./clock.ts";
import { generationCollections, merchantCollection } from "./collections.ts";
import type { DueWork } from "./due-work.ts";
import { Faults } from "./faults.ts";
import { Gate } from "./gate.ts";
import { RequestJournal } from "./journal.ts";
import { policyOf, type Settings, settingsSchema } from "./settings.ts";
import { Turns } from "./turns.ts";

export interface MerchantSources {
  /** Public: says nothing of the key. */
  readonly name: string;
  readonly store: Store;
  readonly records: Records;
  readonly machineMs: () => number;
  /** For a merchant that has not settled anything itself. */
  readonly defaults: { readonly settings: Settings; readonly clock: ClockState };
}

/** The name of a merchant's book; `reset` begins the next generation. */
const bookOf = (name: string, generation: number): string => `${name}-${generation}`;

/** The name of the merchant whose book it is. */
export const merchantOfBook = (book: string): string => book.slice(0, book.lastIndexOf("-"));

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
  /** Told after commits from outside were taken in: none of them happened here. */
  readonly onTakenIn: (() => Promise<void>)[] = [];
  /** Told after the clock was put somewhere, or let run. */
  readonly onClock: (() => void)[] = [];
  /** Whether something goes on by itself: the merchant is not let go of meanwhile. */
  readonly goesOn: (() => boolean)[] = [];
  /** Told after a new generation of the book has begun. */
  readonly onReset: (() => Promise<void>)[] = [];
  readonly gate: Gate = new Gate();
  /** How many work with it now; it is not let go of meanwhile. */
  users = 0;
  /** Moves of the clock wait for each other. */
  readonly clockTurns: Turns = new Turns();
  readonly #records: Records;
  #settings: Settings;
  #generation: number;
  #keyDeleted: boolean;
  #takingIn: boolean;
  #ledger: Ledger;

  private constructor(
    { name, store, records, machineMs, defaults }: MerchantSources,
    remembered: ReadonlyMap<string, Json>,
  ) {
    this.name = name;
    this.mode = name.startsWith("test-") ? "test" : "live";
    this.store = store;
    this.#records = records;
    this.clock = new MerchantClock(
      machineMs,
      (remembered.get("clock") as ClockState | undefined) ?? defaults.clock,
    );
    this.#settings = settingsSchema.parse({
      ...defaults.settings,
      ...(remembered.get("settings") as Partial<Settings> | undefined),
    });
    this.#generation = Number(remembered.get("generation") ?? 1);
    this.#keyDeleted = remembered.get("key_deleted") === true;
    this.#takingIn = remembered.get("taking_in") === true;
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

  /** Whether commits are being taken in from outside, or a crash has cut that off. */
  get takingIn(): boolean {
    return this.#takingIn;
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

  /** Remembers where the clock was put. */
  async noteClock(): Promise<void> {
    await this.#rememberOwn("clock", { ...this.clock.state });
    for (const told of this.onClock) told();
  }

  async deleteKey(): Promise<void> {
    await this.#rememberOwn("key_deleted", true);
    this.#keyDeleted = true;
  }

  /** Begins a new, empty generation of the book. Only while nothing else of the merchant runs. */
  async reset(): Promise<void> {
    for (const told of this.onReplacing) await told();
    const generation = this.#generation + 1;
    await this.remember(
      ...generationCollections.map((collection) => ({ kind: "clear", collection }) as const),
      { kind: "delete", collection: merchantCollection, key: "key_deleted" },
      { kind: "put", collection: merchantCollection, key: "generation", value: generation },
    );
    this.#generation = generation;
    this.#keyDeleted = false;
    this.#ledger = this.#openLedger();
    this.journal.clear();
    this.faults.clear();
    for (const told of this.onReset) await told();
  }

  /**
   * Runs what brings commits into the empty book from outside, such as a restored snapshot. Nothing of
   * the past that they tell of is sent to anybody, after a crash neither. Only while nothing else of
   * the merchant runs.
   */
  async takeIn<Result>(work: () => Promise<Result>): Promise<Result> {
    for (const told of this.onReplacing) await told();
    await this.#rememberOwn("taking_in", true);
    this.#takingIn = true;
    try {
      return await work();
    } finally {
      for (const told of this.onTakenIn) await told();
      await this.tookIn();
    }
  }

  /** What was taken in is passed over by everybody. */
  async tookIn(): Promise<void> {
    await this.remember({ kind: "delete", collection: merchantCollection, key: "taking_in" });
    this.#takingIn = false;
  }

  /** Stops what runs for it, and lets go of its memory. */
  async close(): Promise<void> {
    for (const told of this.onClose) await told();
    await this.#records.release(this.name);
  }

  #rememberOwn(key: string, value: Json): Promise<void> {
    return this.remember({ kind: "put", collection: merchantCollection, key, value });
  }

  #openLedger(): Ledger {
    return openLedger({ store: this.store, book: this.book, ...policyOf(this.#settings) });
  }
}
