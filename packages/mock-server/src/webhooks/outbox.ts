/**
 * The durable part of delivering: what was taken on of a merchant's book, and what became of it.
 *
 * The book comes first. An endpoint's position says up to where its events were taken on, and moves
 * in one write with the attempts that are planned for them; so an event is either still ahead of the
 * position or planned, whenever the process dies. A planned attempt stays planned until its outcome is
 * written: a crash in between makes it again, with the same `webhook-id`.
 */
import type { RecordChange } from "@tallystick/adapters/records";
import { msOfInstant, type RecordedEvent } from "@tallystick/core";
import {
  attemptsCollection,
  attemptsOfEventCollection,
  dueCollection,
  positionsCollection,
} from "../merchant/collections.ts";
import type { Merchant } from "../merchant/merchant.ts";
import { Turns } from "../merchant/turns.ts";
import { isAmountApplied } from "../wire/payment.ts";
import {
  type Attempt,
  attemptKey,
  attemptValue,
  type Due,
  dueKey,
  type NumberedAttempt,
  ofEventKey,
  readAttempt,
  readDueKey,
} from "./attempt.ts";
import { retryDelayMs } from "./schedule.ts";

const countKey = "#count";
/** So many records are read, or cleared away, at once. */
const pageSize = 250;

export interface Outcome {
  readonly ok: boolean;
  /** Undefined where nothing was answered. */
  readonly responseStatus: number | undefined;
}

/** An event that webhooks tell of, and where it stands. */
export type SentEvent = Pick<RecordedEvent, "id" | "streamId" | "revision">;

export class Outbox {
  readonly #merchant: Merchant;
  /** Changes read before they write: one after the other. */
  readonly #turns = new Turns();
  readonly #positions = new Map<string, number>();
  #count = 0;

  constructor(merchant: Merchant) {
    this.#merchant = merchant;
  }

  /** Reads how far everything had come. */
  async open(): Promise<void> {
    this.#positions.clear();
    this.#count = Number((await this.#merchant.recall(positionsCollection, countKey)) ?? 0);
  }

  /** Resolves once everything that was asked for is written. */
  idle(): Promise<void> {
    return this.#turns.take(async () => undefined);
  }

  /** Up to where the events were taken on for an endpoint; undefined where it was never heard of. */
  async position(endpointId: string): Promise<number | undefined> {
    const known = this.#positions.get(endpointId);
    if (known !== undefined) return known;
    const value = await this.#merchant.recall(positionsCollection, endpointId);
    return value === undefined ? undefined : Number(value);
  }

  /** What stands in the book now is none of the endpoint's business. */
  passOver(endpointId: string): Promise<void> {
    return this.#turns.take(async () => {
      const { store, book } = this.#merchant;
      const position = (await store.head(book))?.position ?? 0;
      await this.#merchant.remember(putPosition(endpointId, position));
      this.#positions.set(endpointId, position);
    });
  }

  /** Plans a first attempt for each event behind the endpoint's position, batch by batch until `isOver`. */
  takeOn(endpointId: string, isOver: () => boolean): Promise<void> {
    return this.#turns.take(async () => {
      const { store, book, adopted } = this.#merchant;
      // What a restored or forked book begins with happened elsewhere, or before.
      const afterPosition = Math.max(
        (await this.position(endpointId)) ?? 0,
        adopted?.position ?? 0,
      );
      for await (const batch of store.readBook(book, { afterPosition })) {
        if (isOver()) return;
        const position = batch.at(-1)?.position;
        if (position === undefined) continue;
        const planned = batch.filter(isAmountApplied).map((event, index) => ({
          number: this.#count + index + 1,
          ...firstAttempt(event, endpointId, msOfInstant(event.recordedAt)),
        }));
        // Where nothing is to be sent, the position is found again after a restart.
        if (planned.length > 0)
          await this.#write([...planned.flatMap(plan), putPosition(endpointId, position)]);
        this.#count += planned.length;
        this.#positions.set(endpointId, position);
      }
    });
  }

  /** The planned attempts of an endpoint that are due first. */
  async due(endpointId: string, limit: number): Promise<readonly Due[]> {
    const prefix = `${endpointId}/`;
    const records = await this.#merchant.recallPage(dueCollection, { prefix, limit });
    return records.map(({ key }) => readDueKey(key));
  }

  async attempt(number: number): Promise<NumberedAttempt | undefined> {
    const value = await this.#merchant.recall(attemptsCollection, attemptKey(number));
    return value === undefined ? undefined : readAttempt(number, value);
  }

  /** Notes what became of an attempt that was made at `nowMs`, and plans the next where there is one. */
  settle(number: number, { ok, responseStatus }: Outcome, nowMs: number): Promise<void> {
    return this.#turns.take(async () => {
      const made = await this.attempt(number);
      if (made?.status !== "pending") return;
      const next = ok ? undefined : await this.#next(made, nowMs);
      const settled: NumberedAttempt = {
        ...made,
        status: ok ? "succeeded" : "failed",
        atMs: nowMs,
        ...(responseStatus === undefined ? {} : { responseStatus }),
        ...(next === undefined ? {} : { nextAtMs: next.atMs }),
      };
      await this.#write([
        put(settled),
        { kind: "delete", collection: dueCollection, key: dueKey(made) },
        ...(next === undefined ? [] : plan(next)),
      ]);
      if (next !== undefined) this.#count = next.number;
    });
  }

  /** Puts a planned attempt off, or brings it forward. */
  move(number: number, atMs: number, spared?: true): Promise<void> {
    return this.#turns.take(async () => {
      const planned = await this.attempt(number);
      if (planned?.status !== "pending") return;
      await this.#write([
        { kind: "delete", collection: dueCollection, key: dueKey(planned) },
        ...plan({ ...planned, atMs, ...(spared === undefined ? {} : { spared }) }),
      ]);
    });
  }

  /** Plans another delivery at once, out of turn; resolves with its attempt. */
  add(event: SentEvent, endpointId: string, nowMs: number): Promise<NumberedAttempt> {
    return this.#turns.take(async () => {
      const last = await this.last(event.id, endpointId);
      const added: NumberedAttempt = {
        number: this.#count + 1,
        ...firstAttempt(event, endpointId, nowMs),
        attempt: (last?.attempt ?? 0) + 1,
      };
      await this.#write(plan(added));
      this.#count = added.number;
      return added;
    });
  }

  /** The last attempt of an event at an endpoint, made or planned. */
  async last(eventId: string, endpointId: string): Promise<NumberedAttempt | undefined> {
    const prefix = `${eventId}/${endpointId}/`;
    let number: number | undefined;
    let after = prefix;
    for (;;) {
      const range = { prefix, after, limit: pageSize };
      const records = await this.#merchant.recallPage(attemptsOfEventCollection, range);
      const last = records.at(-1);
      if (last === undefined) break;
      number = Number(last.value);
      after = last.key;
    }
    return number === undefined ? undefined : this.attempt(number);
  }

  /** Attempts made and planned, as they were planned, strictly after a number; or one event's, by endpoint. */
  async page({
    after,
    limit,
    eventId,
  }: {
    readonly after: number | undefined;
    readonly limit: number;
    readonly eventId: string | undefined;
  }): Promise<readonly NumberedAttempt[]> {
    if (eventId === undefined) {
      const behind = after === undefined ? {} : { after: attemptKey(after) };
      const records = await this.#merchant.recallPage(attemptsCollection, { ...behind, limit });
      return records.map(({ key, value }) => readAttempt(Number(key), value));
    }
    const last = after === undefined ? undefined : await this.attempt(after);
    const records = await this.#merchant.recallPage(attemptsOfEventCollection, {
      prefix: `${eventId}/`,
      ...(last === undefined ? {} : { after: ofEventKey(last) }),
      limit,
    });
    const attempts = await Promise.all(records.map(({ value }) => this.attempt(Number(value))));
    return attempts.filter((attempt) => attempt !== undefined);
  }

  /** Clears away what is planned for an endpoint; what was attempted stays. */
  forget(endpointId: string): Promise<void> {
    return this.#turns.take(async () => {
      for (;;) {
        const planned = await this.due(endpointId, pageSize);
        if (planned.length === 0) break;
        const attempts = await Promise.all(planned.map(({ number }) => this.attempt(number)));
        await this.#write(attempts.filter((attempt) => attempt !== undefined).flatMap(unplan));
      }
      await this.#merchant.remember({
        kind: "delete",
        collection: positionsCollection,
        key: endpointId,
      });
      this.#positions.delete(endpointId);
    });
  }

  /** The attempt after a failed one; undefined after the last, or where one was planned meanwhile. */
  async #next(failed: NumberedAttempt, nowMs: number): Promise<NumberedAttempt | undefined> {
    const delayMs = retryDelayMs(failed.round);
    const attempt = failed.attempt + 1;
    const key = ofEventKey({ ...failed, attempt });
    const later = await this.#merchant.recall(attemptsOfEventCollection, key);
    if (delayMs === undefined || later !== undefined) return undefined;
    const { eventId, endpointId, streamId, revision, round } = failed;
    return {
      number: this.#count + 1,
      eventId,
      endpointId,
      attempt,
      status: "pending",
      atMs: nowMs + delayMs,
      streamId,
      revision,
      round: round + 1,
    };
  }

  /** The count goes along with what was numbered. */
  #write(changes: readonly RecordChange[]): Promise<void> {
    const highest = changes.reduce((count, change) => Math.max(count, numberIn(change)), 0);
    if (highest <= this.#count) return this.#merchant.remember(...changes);
    return this.#merchant.remember(...changes, {
      kind: "put",
      collection: positionsCollection,
      key: countKey,
      value: highest,
    });
  }
}

const numberIn = (change: RecordChange): number =>
  change.kind === "put" && change.collection === attemptsCollection ? Number(change.key) : 0;

const firstAttempt = (
  { id, streamId, revision }: SentEvent,
  endpointId: string,
  atMs: number,
): Attempt => ({
  eventId: id,
  endpointId,
  attempt: 1,
  status: "pending",
  atMs,
  streamId,
  revision,
  round: 1,
});

const putPosition = (endpointId: string, position: number): RecordChange => ({
  kind: "put",
  collection: positionsCollection,
  key: endpointId,
  value: position,
});

const put = (attempt: NumberedAttempt): RecordChange => ({
  kind: "put",
  collection: attemptsCollection,
  key: attemptKey(attempt.number),
  value: attemptValue(attempt),
});

const plan = (attempt: NumberedAttempt): readonly RecordChange[] => [
  put(attempt),
  {
    kind: "put",
    collection: attemptsOfEventCollection,
    key: ofEventKey(attempt),
    value: attempt.number,
  },
  { kind: "put", collection: dueCollection, key: dueKey(attempt), value: true },
];

const unplan = (attempt: NumberedAttempt): readonly RecordChange[] => [
  { kind: "delete", collection: attemptsCollection, key: attemptKey(attempt.number) },
  { kind: "delete", collection: attemptsOfEventCollection, key: ofEventKey(attempt) },
  { kind: "delete", collection: dueCollection, key: dueKey(attempt) },
];
