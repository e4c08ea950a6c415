/**
 * The merchants of a server, each opened when its key is first met, and let go of when too many others
 * were met since.
 */
import { timingSafeEqual } from "node:crypto";
import type { Host } from "@tallystick/core";
import type { SecretKey } from "../http/key.ts";
import { Problem } from "../http/problem.ts";
import type { Storage } from "../storage.ts";
import type { ClockState, MerchantClock } from "./clock.ts";
import { Merchant, merchantOfBook } from "./merchant.ts";
import type { Settings } from "./settings.ts";

/** So many are kept at hand; those with requests in flight are never let go of. */
const openMax = 1000;
const hashDigits = 40;
/** Of a merchant's name; the server itself remembers things under another one. */
const nameForm = /^(test|live)-[0-9a-f]+$/;

export interface MerchantsOptions {
  readonly storage: Storage;
  readonly machine: Host;
  /** Those that exist; empty: any that is well formed. */
  readonly keys: readonly SecretKey[];
  readonly defaults: { readonly settings: Settings; readonly clock: ClockState };
  /** Where every clock is found, for the books to ask. */
  readonly clocks: Map<string, MerchantClock>;
  /** Told of each merchant that was opened, before anybody uses it. */
  readonly onOpen: readonly ((merchant: Merchant) => Promise<void> | void)[];
}

export class Merchants {
  readonly #options: MerchantsOptions;
  /** The one met last stands last. */
  readonly #open = new Map<string, Promise<Merchant>>();
  readonly #opened = new Map<string, Merchant>();
  /** Names by key: a key is hashed once. */
  readonly #names = new Map<string, string>();
  readonly #closing = new Map<string, Promise<void>>();
  readonly #pinned: readonly Buffer[];
  #streamsClosed = false;
  #lastAdoptionMs = 0;

  constructor(options: MerchantsOptions) {
    this.#options = options;
    this.#pinned = options.keys.map((key) => Buffer.from(this.nameOf(key)));
  }

  /** The public name of a key's merchant: its mode, and a hash of the key. */
  nameOf({ mode, text }: SecretKey): string {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    if (this.#names.size >= openMax) this.#names.clear();
    const name = `${mode}-${this.#options.machine.sha256(`tallystick/merchant/${text}`).slice(0, hashDigits)}`;
    this.#names.set(text, name);
    return name;
  }

  /** Works with the merchant of a key, which stays at hand meanwhile; 401 for a key that does not exist. */
  async use<Result>(
    key: SecretKey,
    work: (merchant: Merchant) => Promise<Result>,
  ): Promise<Result> {
    if (!this.knows(key))
      throw new Problem("unauthorized", "no such key exists", {
        headers: { "www-authenticate": "Bearer" },
      });
    return this.useNamed(this.nameOf(key), work);
  }

  /** The same for a public name. */
  async useNamed<Result>(
    name: string,
    work: (merchant: Merchant) => Promise<Result>,
  ): Promise<Result> {
    for (;;) {
      const merchant = await this.#opening(name);
      // It may have been let go of since: then there is, or will be, another one.
      if (this.#opened.get(name) !== merchant) continue;
      merchant.users += 1;
      try {
        return await work(merchant);
      } finally {
        merchant.users -= 1;
      }
    }
  }

  /** Names of all merchants that have a book, or of whom something is remembered, sorted. */
  async names(): Promise<readonly string[]> {
    const { store, records } = this.#options.storage;
    const books = await store.listBooks();
    const names = new Set([...(await records.owners()), ...books.map(merchantOfBook)]);
    return [...names].filter((name) => nameForm.test(name)).sort();
  }

  /** Names of those that are at hand now. */
  get opened(): readonly string[] {
    return [...this.#opened.keys()];
  }

  /** Ends every stream of events, for good: a server that listens cannot stop while one runs. */
  closeStreams(): void {
    this.#streamsClosed = true;
    for (const merchant of this.#opened.values()) merchant.streams.close();
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#open.values());
    await Promise.allSettled(this.#closing.values());
    for (const merchant of this.#opened.values()) await merchant.close();
    this.#open.clear();
    this.#opened.clear();
  }

  /** Whether a well-formed key is one that exists. */
  knows(key: SecretKey): boolean {
    if (this.#pinned.length === 0) return true;
    // Every key is compared, in constant time, so that the time taken says nothing.
    const bytes = Buffer.from(this.nameOf(key));
    let found = false;
    for (const pinned of this.#pinned)
      found = (pinned.length === bytes.length && timingSafeEqual(pinned, bytes)) || found;
    return found;
  }

  async #opening(name: string): Promise<Merchant> {
    const known = this.#open.get(name);
    if (known !== undefined) {
      if (this.#open.size > openMax / 2) {
        this.#open.delete(name);
        this.#open.set(name, known);
      }
      return known;
    }
    const opening = this.#begin(name);
    this.#open.set(name, opening);
    try {
      const merchant = await opening;
      if (this.#open.size > openMax) await this.#closeIdle(name);
      return merchant;
    } catch (error) {
      this.#open.delete(name);
      throw error;
    }
  }

  async #begin(name: string): Promise<Merchant> {
    const { storage, machine, defaults, clocks, onOpen } = this.#options;
    await this.#closing.get(name);
    const { store, records } = storage;
    const merchant = await Merchant.open({
      name,
      store,
      records,
      machineMs: machine.now,
      adoptionMs: () => {
        this.#lastAdoptionMs = Math.max(machine.now(), this.#lastAdoptionMs + 1);
        return this.#lastAdoptionMs;
      },
      defaults,
    });
    if (this.#streamsClosed) merchant.streams.close();
    clocks.set(name, merchant.clock);
    this.#opened.set(name, merchant);
    for (const told of onOpen) await told(merchant);
    return merchant;
  }

  /** Lets go of the one that nobody has used for longest; of none, if all are in use. */
  async #closeIdle(except: string): Promise<void> {
    for (const name of this.#open.keys()) {
      const merchant = this.#opened.get(name);
      if (name === except || merchant === undefined || merchant.busy) continue;
      this.#open.delete(name);
      this.#opened.delete(name);
      const closing = merchant.close().finally(() => {
        this.#closing.delete(name);
        if (!this.#opened.has(name)) this.#options.clocks.delete(name);
      });
      this.#closing.set(name, closing);
      await closing;
      return;
    }
  }
}
