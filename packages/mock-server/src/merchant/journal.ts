/** The journal of a merchant's requests: the newest thousand, in memory. Keys never stand in it whole. */
import type { Instant } from "@tallystick/core";
import { masked } from "./masked.ts";

export interface JournalEntry {
  /** Counts up from 1; a cursor. */
  readonly id: number;
  readonly at: Instant;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** 0 where the connection was cut before anything was done. */
  readonly status: number;
  /** What went wrong on purpose. */
  readonly fault?: string;
  readonly idempotency_key?: string;
  readonly idempotent_replayed?: true;
  /** As it was sent, cut off behind 16 KiB. */
  readonly request_body?: string;
  readonly response_body?: string;
  /** Ids of the events that the request wrote. */
  readonly events: readonly string[];
}

const entriesMax = 1000;
const textMax = 16 * 1024;
/** Of all texts together, in characters: with long bodies the oldest go sooner. */
const charactersMax = 4 * 1024 * 1024;

/** Copied, because a part of a text would keep the whole in memory. */
const cutOff = (text: string): string =>
  text.length <= textMax ? text : Buffer.from(text.slice(0, textMax)).toString();

const sizeOf = ({ path, request_body = "", response_body = "" }: JournalEntry): number =>
  path.length + request_body.length + response_body.length;

export class RequestJournal {
  #entries: JournalEntry[] = [];
  #characters = 0;
  #last = 0;

  /** Oldest first. */
  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  add({ path, request_body, response_body, ...rest }: Omit<JournalEntry, "id">): void {
    this.#last += 1;
    const entry: JournalEntry = {
      id: this.#last,
      ...rest,
      path: masked(cutOff(path)),
      ...(request_body === undefined ? {} : { request_body: masked(cutOff(request_body)) }),
      ...(response_body === undefined ? {} : { response_body: masked(cutOff(response_body)) }),
    };
    this.#entries.push(entry);
    this.#characters += sizeOf(entry);
    while (this.#entries.length > entriesMax || this.#characters > charactersMax) {
      const oldest = this.#entries.shift();
      if (oldest === undefined) break;
      this.#characters -= sizeOf(oldest);
    }
  }

  clear(): void {
    this.#entries = [];
    this.#characters = 0;
  }
}
