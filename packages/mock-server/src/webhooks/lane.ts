/**
 * The deliveries to one endpoint. Each endpoint has its own: however slow or dead it is, it holds up
 * nobody else. A bounded number of attempts is in flight; the rest waits in the outbox, not in memory.
 */
import type { MerchantClock } from "../merchant/clock.ts";
import type { Due } from "./attempt.ts";

/** Attempts in flight to one endpoint. */
const inFlightMax = 8;
/** Timers know no longer wait, in milliseconds. */
const timerMaxMs = 2 ** 31 - 1;
/** After something of ours failed it is tried again, in milliseconds. */
export const recoveryMs = 1000;

export interface LaneOptions {
  readonly clock: MerchantClock;
  /** The planned attempts that are due first, earliest first, at most `limit`. */
  readonly due: (limit: number) => Promise<readonly Due[]>;
  /**
   * Makes a planned attempt and notes what became of it; resolves with whether it was made now. Rejects
   * only where something of ours fails.
   */
  readonly make: (number: number, lane: Lane, signal: AbortSignal) => Promise<boolean>;
  readonly onFailure: (error: unknown) => void;
}

export class Lane {
  readonly #options: LaneOptions;
  readonly #inFlight = new Map<number, Promise<void>>();
  readonly #stopping = new AbortController();
  /** An attempt that a fault holds back until the next has gone. */
  #held: number | undefined;
  #running: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #asked = false;
  #timer: NodeJS.Timeout | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** Whether it has something to do, now or by itself later. */
  get goesOn(): boolean {
    return this.#running !== undefined || this.#timer !== undefined;
  }

  get mayHold(): boolean {
    return this.#held === undefined;
  }

  isInFlight(number: number): boolean {
    return this.#inFlight.has(number);
  }

  /**
   * Makes every attempt that is due by now, those that become due meanwhile included; resolves when it
   * is known what became of them. Rejects where something of ours failed.
   */
  run(): Promise<void> {
    this.#asked = true;
    this.#wake?.();
    this.#running ??= this.#loop();
    return this.#running;
  }

  /** The same, for nobody who waits. */
  start(): void {
    if (!this.#stopping.signal.aborted) this.run().catch(this.#options.onFailure);
  }

  /** Holds an attempt back until another one has gone. Only where `mayHold`. */
  hold(number: number): void {
    this.#held = number;
  }

  /** Nothing is held back any more. */
  release(): void {
    this.#held = undefined;
    this.start();
  }

  /** When the earliest attempt is due that is not held back; undefined while nothing is planned. */
  async nextDueMs(): Promise<number | undefined> {
    const planned = await this.#options.due(2);
    return planned.find(({ number }) => number !== this.#held)?.dueMs;
  }

  /** Gives up what is in flight; what became of it is not noted. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wake?.();
    await this.#running?.catch(() => undefined);
  }

  async #loop(): Promise<void> {
    try {
      while (!this.#over) {
        this.#asked = false;
        for (const number of await this.#ready()) this.#begin(number);
        if (this.#inFlight.size === 0 && !this.#asked) break;
        if (!this.#asked) await this.#something();
      }
      await Promise.all(this.#inFlight.values());
      if (this.#failure !== undefined) throw this.#failure.error;
    } catch (error) {
      this.#arm(recoveryMs);
      throw error;
    } finally {
      this.#failure = undefined;
      this.#running = undefined;
    }
  }

  get #over(): boolean {
    return this.#stopping.signal.aborted || this.#failure !== undefined;
  }

  /** An attempt has ended, or somebody asks for a look. */
  async #something(): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    await Promise.race([woken, ...this.#inFlight.values()]);
    this.#wake = undefined;
  }

  /** What is due and can be begun. Sets the timer for what is due after it. */
  async #ready(): Promise<readonly number[]> {
    const { clock, due } = this.#options;
    const room = inFlightMax - this.#inFlight.size;
    if (room <= 0) return [];
    const planned = await due(this.#inFlight.size + room + 2);
    const waiting = planned.filter(
      ({ number }) => !this.#inFlight.has(number) && number !== this.#held,
    );
    const nowMs = clock.nowMs();
    const later = waiting.find(({ dueMs }) => dueMs > nowMs);
    this.#arm(later === undefined || clock.frozen ? undefined : later.dueMs - nowMs);
    return waiting
      .filter(({ dueMs }) => dueMs <= nowMs)
      .slice(0, room)
      .map(({ number }) => number);
  }

  #arm(delayMs: number | undefined): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (delayMs === undefined || this.#stopping.signal.aborted) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.start();
      },
      Math.min(delayMs, timerMaxMs),
    );
    this.#timer.unref();
  }

  #begin(number: number): void {
    const { make } = this.#options;
    const made = make(number, this, this.#stopping.signal).then(
      (hasGone) => {
        this.#inFlight.delete(number);
        if (hasGone) this.#held = undefined;
        // Something may have become due with it.
        this.#asked = true;
      },
      (error: unknown) => {
        this.#inFlight.delete(number);
        this.#failure = { error };
      },
    );
    this.#inFlight.set(number, made);
  }
}
