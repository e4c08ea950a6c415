/** The journal of a merchant's requests: the newest thousand, in memory. Keys never stand in it whole. */
import type { Instant } from "@tallystick/core";

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
const charactersMax = 16 * 1024;

export class RequestJournal {
  #entries: JournalEntry[] = [];
  #last = 0;

  /** Oldest first. */
  get entries(): readonly JournalEntry[] {
    return this.#entries.slice(-entriesMax);
  }

  add({ request_body, response_body, ...entry }: Omit<JournalEntry, "id">): void {
    this.#last += 1;
    if (this.#entries.length >= 2 * entriesMax) this.#entries = this.#entries.slice(-entriesMax);
    this.#entries.push({
      id: this.#last,
      ...entry,
      ...(request_body === undefined ? {} : { request_body: request_body.slice(0, charactersMax) }),
      ...(response_body === undefined
        ? {}
        : { response_body: response_body.slice(0, charactersMax) }),
    });
  }

  clear(): void {
    this.#entries = [];
  }
}
