/**
 * The webhooks of one merchant: its endpoints, a lane for each, and the feed of its book that wakes
 * them. Everything is planned by the merchant's clock; while that stands still, nothing becomes due
 * by itself.
 */
import { generateSecret } from "@tallystick/adapters/webhooks";
import { type Host, idPatterns, type RecordedEvent, unreachable } from "@tallystick/core";
import { Problem } from "../http/problem.ts";
import { endpointsCollection } from "../merchant/collections.ts";
import type { DueWork } from "../merchant/due-work.ts";
import type { WebhookEffect } from "../merchant/faults.ts";
import type { Merchant } from "../merchant/merchant.ts";
import { Turns } from "../merchant/turns.ts";
import { isAmountApplied } from "../wire/payment.ts";
import type { NumberedAttempt } from "./attempt.ts";
import { type Endpoint, rotated } from "./endpoint.ts";
import { Lane, recoveryMs } from "./lane.ts";
import { bodyOf, headersOf } from "./message.ts";
import { Outbox, type Outcome } from "./outbox.ts";
import { type Deliver, send } from "./send.ts";

export interface WebhooksOptions {
  readonly machine: Host;
  readonly deliver: Deliver;
  /** Endpoints of every merchant. */
  readonly configured: readonly Endpoint[];
  /** Ids of those that hear nothing of what is in a book already. */
  readonly newlyConfigured: () => ReadonlySet<string>;
  readonly onFailure: (error: unknown) => void;
}

/** More are refused: each has attempts in flight. */
const endpointsMax = 20;
const idBytes = 12;

export class Webhooks implements DueWork {
  readonly #merchant: Merchant;
  readonly #options: WebhooksOptions;
  readonly #outbox: Outbox;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #lanes = new Map<string, Lane>();
  /** Changes of endpoints wait for each other. */
  readonly #turns = new Turns();
  /** Attempts that were held back, and meet no second fault. */
  readonly #spared = new Set<number>();
  /** A look at the book that has not begun. */
  #look: Promise<void> | undefined;
  readonly #looks = new Turns();
  /** How many look at the book now. */
  #looking = 0;
  #following: AbortController | undefined;
  #recovery: NodeJS.Timeout | undefined;
  #stopped = true;

  constructor(merchant: Merchant, options: WebhooksOptions) {
    this.#merchant = merchant;
    this.#options = options;
    this.#outbox = new Outbox(merchant);
  }

  /** Knows its endpoints again, and goes on where it was. */
  async open(): Promise<void> {
    for (const endpoint of this.#options.configured) this.#endpoints.set(endpoint.id, endpoint);
    const range = { limit: 2 * endpointsMax };
    for (const { value } of await this.#merchant.recallPage(endpointsCollection, range)) {
      const endpoint = value as unknown as Endpoint;
      if (endpoint.leaving === true) await this.#clearAway(endpoint.id);
      else if (this.#isKept(endpoint)) this.#endpoints.set(endpoint.id, endpoint);
    }
    await this.#outbox.open();
    for (const id of this.#options.newlyConfigured())
      if ((await this.#outbox.position(id)) === undefined && (await this.#hasBook()))
        await this.#outbox.passOver(id);
    this.start();
  }

  get endpoints(): readonly Endpoint[] {
    return [...this.#endpoints.values()];
  }

  get goesOn(): boolean {
    return (
      this.#looking > 0 ||
      this.#recovery !== undefined ||
      [...this.#lanes.values()].some((lane) => lane.goesOn)
    );
  }

  /** From now on it follows the book. */
  start(): void {
    this.#stopped = false;
    for (const { id } of this.#endpoints.values()) this.#enter(id);
  }

  /** Lets go of the book; what is in flight is given up and made again. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#following?.abort();
    this.#following = undefined;
    clearTimeout(this.#recovery);
    this.#recovery = undefined;
    const lanes = [...this.#lanes.values()];
    this.#lanes.clear();
    await Promise.all(lanes.map((lane) => lane.stop()));
    await this.#looks.take(async () => undefined);
    await this.#outbox.idle();
  }

  /** Begins with another book, after it has let go of the one before. */
  async begin(): Promise<void> {
    this.#spared.clear();
    await this.#outbox.open();
    this.start();
  }

  /** A new endpoint, which hears of what happens from now on. */
  add(url: string, secret: string | undefined): Promise<Endpoint> {
    return this.#turns.take(async () => {
      if (this.#endpoints.size >= endpointsMax)
        throw new Problem("conflict", `there are ${endpointsMax} endpoints; delete one first`);
      const id = `we_${Buffer.from(this.#options.machine.randomBytes(idBytes)).toString("hex")}`;
      const endpoint: Endpoint = { id, url, secrets: [{ secret: secret ?? this.#newSecret() }] };
      // In this order: an endpoint without a position would hear of the past.
      await this.#outbox.passOver(id);
      await this.#keep(endpoint);
      this.#enter(id);
      return endpoint;
    });
  }

  /** Deletes an endpoint and all that is planned for it. */
  remove(id: string): Promise<void> {
    return this.#turns.take(async () => {
      const endpoint = this.#require(id);
      if (endpoint.shared === true)
        throw new Problem(
          "conflict",
          `${id} was given when the server was started; start it without ${endpoint.url}`,
        );
      await this.#keep({ ...endpoint, leaving: true });
      this.#endpoints.delete(id);
      const lane = this.#lanes.get(id);
      this.#lanes.delete(id);
      await lane?.stop();
      await this.#looks.take(async () => undefined);
      await this.#clearAway(id);
    });
  }

  /** A new secret; the one before it signs beside it for 24 hours. */
  rotate(id: string): Promise<Endpoint> {
    return this.#turns.take(async () => {
      const nowMs = this.#merchant.clock.nowMs();
      const endpoint = rotated(this.#require(id), this.#newSecret(), nowMs);
      await this.#keep(endpoint);
      return endpoint;
    });
  }

  /** Delivers an event once more to every endpoint, at once; what was planned is brought forward. */
  async redeliver(eventId: string): Promise<readonly NumberedAttempt[]> {
    const event = idPatterns.event.test(eventId) ? await this.#find(eventId) : undefined;
    if (event === undefined) throw new Problem("not_found", `there is no event ${eventId}`);
    if (!isAmountApplied(event))
      throw new Problem("unprocessable", `${eventId} is ${event.type}, which no webhook tells of`);
    await this.#takeOn();
    const attempts: NumberedAttempt[] = [];
    for (const [id, lane] of this.#lanes) {
      attempts.push(await this.#again(event, id, lane));
      lane.release();
    }
    return attempts;
  }

  /** Attempts, as they were planned; see `Outbox`. */
  attempts(range: Parameters<Outbox["page"]>[0]): Promise<readonly NumberedAttempt[]> {
    return this.#outbox.page(range);
  }

  async nextDueMs(): Promise<number | undefined> {
    await this.#takeOn();
    const instants = await Promise.all([...this.#lanes.values()].map((lane) => lane.nextDueMs()));
    const planned = instants.filter((instant) => instant !== undefined);
    return planned.length === 0 ? undefined : Math.min(...planned);
  }

  async runDue(): Promise<void> {
    await this.#takeOn();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.run()));
  }

  /** Resolves once everything that is due now was attempted, and what became due with it. */
  async settled(): Promise<void> {
    while (((await this.nextDueMs()) ?? Number.POSITIVE_INFINITY) <= this.#merchant.clock.nowMs())
      await this.runDue();
  }

  /** Looks again at what is due: the clock was moved. */
  wake(): void {
    for (const lane of this.#lanes.values()) lane.start();
  }

  /** Sends what a fault holds back. */
  release(): void {
    for (const lane of this.#lanes.values()) lane.release();
  }

  /** Looks at what is new in the book, and makes what is due. */
  #news(): void {
    this.#looking += 1;
    this.#takeOn()
      .then(() => {
        for (const lane of this.#lanes.values()) lane.start();
      })
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#looking -= 1;
      });
  }

  /** Plans what the book has behind the positions; a look that has not begun is shared. */
  #takeOn(): Promise<void> {
    this.#look ??= this.#looks.take(async () => {
      this.#look = undefined;
      for (const id of this.#lanes.keys()) await this.#outbox.takeOn(id, () => this.#stopped);
    });
    return this.#look;
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { store, book } = this.#merchant;
    const afterPosition = (await store.head(book))?.position ?? 0;
    // What came before is looked at after it was asked where the book ends: nothing falls in between.
    this.#news();
    for await (const { events } of store.subscribe(book, { afterPosition, signal }))
      if (events.some(({ type }) => type === "obligation.amount_applied")) this.#news();
  }

  /** An endpoint's lane is opened, and the book followed. */
  #enter(id: string): void {
    if (this.#stopped) return;
    const { onFailure } = this.#options;
    const lane = new Lane({
      clock: this.#merchant.clock,
      due: (limit) => this.#outbox.due(id, limit),
      make: (number, lane, signal) => this.#make(number, lane, signal),
      onFailure,
    });
    this.#lanes.set(id, lane);
    if (this.#following === undefined) this.#beginFollowing();
  }

  #beginFollowing(): void {
    this.#following?.abort();
    this.#following = new AbortController();
    const { signal } = this.#following;
    this.#follow(signal).catch((error: unknown) => {
      if (!signal.aborted) this.#failed(error);
    });
  }

  /** Store or records failed: told, and tried again in a moment. */
  #failed(error: unknown): void {
    if (this.#stopped) return;
    this.#options.onFailure(error);
    clearTimeout(this.#recovery);
    this.#recovery = setTimeout(() => {
      this.#recovery = undefined;
      this.#beginFollowing();
    }, recoveryMs);
    this.#recovery.unref();
  }

  /** One attempt; resolves with whether it was made now, or put off. */
  async #make(number: number, lane: Lane, signal: AbortSignal): Promise<boolean> {
    const attempt = await this.#outbox.attempt(number);
    const endpoint = attempt && this.#endpoints.get(attempt.endpointId);
    const { clock } = this.#merchant;
    if (attempt?.status !== "pending" || endpoint === undefined) return false;
    // It may have been settled or put off since the lane looked.
    if (attempt.atMs > clock.nowMs()) return false;
    const effect = this.#effectOn(attempt, lane);
    if (effect === "reorder") {
      this.#spared.add(number);
      lane.hold(number);
      return false;
    }
    if (typeof effect === "object") {
      await this.#outbox.move(number, clock.nowMs() + effect.delay_ms, true);
      return false;
    }
    const outcome = await this.#send(attempt, endpoint, effect, signal);
    if (signal.aborted) return false;
    await this.#outbox.settle(number, outcome, clock.nowMs());
    this.#spared.delete(number);
    return true;
  }

  #effectOn({ number, spared }: NumberedAttempt, lane: Lane): WebhookEffect | undefined {
    if (spared === true || this.#spared.has(number)) return undefined;
    return this.#merchant.faults.ofWebhook({ mayHold: lane.mayHold });
  }

  async #send(
    attempt: NumberedAttempt,
    endpoint: Endpoint,
    effect: Exclude<WebhookEffect, object | "reorder"> | undefined,
    signal: AbortSignal,
  ): Promise<Outcome> {
    if (effect === "drop") return { ok: false, responseStatus: undefined };
    const { clock, settings } = this.#merchant;
    const { deliver, machine } = this.#options;
    const nowMs = clock.nowMs();
    const body = await bodyOf(this.#merchant, attempt);
    const headers = headersOf({
      endpoint,
      eventId: attempt.eventId,
      body,
      nowMs,
      signedAtMs: settings.webhook_timestamps === "clock" ? nowMs : machine.now(),
      effect,
    });
    const once = (): Promise<number | undefined> =>
      send({ deliver, url: endpoint.url, headers, body, signal });
    switch (effect) {
      case "duplicate":
        return outcomeOf([await once(), await once()]);
      case "bad_signature":
      case "stale_timestamp":
      case undefined:
        return outcomeOf([await once()]);
      default:
        return unreachable(effect);
    }
  }

  /** One more attempt of an event at an endpoint: the planned one now, or a new one. */
  async #again(event: RecordedEvent, id: string, lane: Lane): Promise<NumberedAttempt> {
    const nowMs = this.#merchant.clock.nowMs();
    const last = await this.#outbox.last(event.id, id);
    if (last?.status !== "pending" || lane.isInFlight(last.number))
      return this.#outbox.add(event, id, nowMs);
    const atMs = Math.min(last.atMs, nowMs);
    await this.#outbox.move(last.number, atMs);
    return { ...last, atMs };
  }

  async #find(eventId: string): Promise<RecordedEvent | undefined> {
    const { store, book } = this.#merchant;
    const [known] = await this.#outbox.page({ after: undefined, limit: 1, eventId });
    // One that nobody was told of is looked for; that is rare, and nothing else needs such an index.
    const batches =
      known === undefined
        ? store.readBook(book)
        : store.readStream(book, known.streamId as `customer/${string}`, {
            afterRevision: known.revision - 1,
            upToRevision: known.revision,
          });
    for await (const batch of batches) {
      const found = batch.find(({ id }) => id === eventId);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #hasBook(): Promise<boolean> {
    return (await this.#merchant.store.head(this.#merchant.book)) !== undefined;
  }

  /** What is remembered of an endpoint of the server's holds only while it is one. */
  #isKept({ id, shared }: Endpoint): boolean {
    return shared !== true || this.#options.configured.some((endpoint) => endpoint.id === id);
  }

  #require(id: string): Endpoint {
    const endpoint = this.#endpoints.get(id);
    if (endpoint === undefined) throw new Problem("not_found", `there is no endpoint ${id}`);
    return endpoint;
  }

  #newSecret(): string {
    return generateSecret(this.#options.machine.randomBytes);
  }

  async #keep(endpoint: Endpoint): Promise<void> {
    await this.#merchant.remember({
      kind: "put",
      collection: endpointsCollection,
      key: endpoint.id,
      value: JSON.parse(JSON.stringify(endpoint)),
    });
    this.#endpoints.set(endpoint.id, endpoint);
  }

  async #clearAway(id: string): Promise<void> {
    await this.#outbox.forget(id);
    await this.#merchant.remember({ kind: "delete", collection: endpointsCollection, key: id });
  }
}

/** Any success is one; what was answered first is told. */
const outcomeOf = (statuses: readonly (number | undefined)[]): Outcome => {
  const success = statuses.find((status) => status !== undefined && status >= 200 && status < 300);
  return { ok: success !== undefined, responseStatus: success ?? statuses[0] };
};
