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
  readonly #pinned: readonly Buffer[];

  constructor(options: MerchantsOptions) {
    this.#options = options;
    this.#pinned = options.keys.map((key) => Buffer.from(this.nameOf(key)));
  }

  /** The public name of a key's merchant: its mode, and a hash of the key. */
  nameOf({ mode, text }: SecretKey): string {
    return `${mode}-${this.#options.machine.sha256(`tallystick/merchant/${text}`).slice(0, hashDigits)}`;
  }

  /** The merchant of a key; 401 for one that does not exist. */
  async of(key: SecretKey): Promise<Merchant> {
    const name = this.nameOf(key);
    if (this.#pinned.length > 0) {
      // Every key is compared, in constant time, so that the time taken says nothing.
      const bytes = Buffer.from(name);
      let found = false;
      for (const pinned of this.#pinned)
        found = (pinned.length === bytes.length && timingSafeEqual(pinned, bytes)) || found;
      if (!found)
        throw new Problem("unauthorized", "no such key exists", {
          headers: { "www-authenticate": "Bearer" },
        });
    }
    return this.open(name);
  }

  /** The merchant of a public name. */
  async open(name: string): Promise<Merchant> {
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

  /** Names of all merchants that have a book, or of whom something is remembered, sorted. */
  async names(): Promise<readonly string[]> {
    const { store, records } = this.#options.storage;
    const books = await store.listBooks();
    const names = new Set([...(await records.owners()), ...books.map(merchantOfBook)]);
    return [...names].filter((name) => nameForm.test(name)).sort();
  }

  /** Those that are at hand now. */
  get opened(): readonly Merchant[] {
    return [...this.#opened.values()];
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#open.values());
    for (const merchant of this.#opened.values()) await merchant.close();
    this.#open.clear();
    this.#opened.clear();
  }

  async #begin(name: string): Promise<Merchant> {
    const { storage, machine, defaults, clocks, onOpen } = this.#options;
    const { store, records } = storage;
    const merchant = await Merchant.open({
      name,
      store,
      records,
      machineMs: machine.now,
      defaults,
    });
    clocks.set(name, merchant.clock);
    this.#opened.set(name, merchant);
    for (const told of onOpen) await told(merchant);
    return merchant;
  }

  async #closeIdle(except: string): Promise<void> {
    for (const name of this.#open.keys()) {
      const merchant = this.#opened.get(name);
      if (name === except || merchant === undefined || merchant.busy) continue;
      this.#open.delete(name);
      this.#opened.delete(name);
      await merchant.close();
      return;
    }
  }
}
