/** A merchant's clock: it stands still at an instant, or runs with the machine's. Times are milliseconds since 1970. */
import { type Instant, instantOfMs, invariant } from "@tallystick/core";
import { type DueWork, earliestDueMs } from "./due-work.ts";

/** As it is remembered. `aheadMs` is how far a running clock is ahead of the machine's; 0 or more. */
export type ClockState = { readonly frozenAtMs: number } | { readonly aheadMs: number };

/**
 * No clock is put beyond it: a year before the last instant that can be written, so that what is planned from
 * there has an instant too.
 */
export const clockMaxMs: number = Date.UTC(9999, 0, 1);

export class MerchantClock {
  readonly #machineMs: () => number;
  #state: ClockState;

  constructor(machineMs: () => number, state: ClockState) {
    this.#machineMs = machineMs;
    this.#state = state;
  }

  get state(): ClockState {
    return this.#state;
  }

  get frozen(): boolean {
    return "frozenAtMs" in this.#state;
  }

  nowMs(): number {
    return "frozenAtMs" in this.#state
      ? this.#state.frozenAtMs
      : this.#machineMs() + this.#state.aheadMs;
  }

  now(): Instant {
    return instantOfMs(this.nowMs());
  }

  /** As it would stand still at an instant that is not before now. */
  frozenAt(atMs: number): ClockState {
    invariant(atMs >= this.nowMs(), "a merchant's clock never goes back");
    return { frozenAtMs: atMs };
  }

  /** As it would run on: with the machine's clock, or from where it stands if that is behind. */
  running(): ClockState {
    return this.#runningFrom(this.nowMs());
  }

  /** As it would be if it were not before an instant: it stands there, or runs on from there. Nothing becomes due by it. */
  reaching(atMs: number): ClockState {
    if (atMs <= this.nowMs()) return this.#state;
    return this.frozen ? { frozenAtMs: atMs } : this.#runningFrom(atMs);
  }

  /** Is as one of the above said, once that is remembered. */
  put(state: ClockState): void {
    this.#state = state;
  }

  /**
   * Stops the clock, does what becomes due up to `untilMs`, each at its own instant, and stands there once
   * `keep` has remembered it. Where something fails it stands as far as it came; one that came nowhere
   * goes on as it was.
   */
  async advance(
    untilMs: number,
    works: readonly DueWork[],
    keep: (state: ClockState) => Promise<void>,
  ): Promise<void> {
    const before = this.#state;
    const fromMs = this.nowMs();
    this.#state = { frozenAtMs: fromMs };
    try {
      for (;;) {
        const dueMs = await earliestDueMs(works);
        if (dueMs === undefined || dueMs > untilMs) break;
        // What was due before is done now.
        const atMs = Math.max(dueMs, this.nowMs());
        this.#state = this.frozenAt(atMs);
        for (const work of works) await work.runDue(atMs);
      }
      const there = this.frozenAt(Math.max(untilMs, this.nowMs()));
      await keep(there);
      this.#state = there;
    } catch (error) {
      if (this.nowMs() === fromMs) this.#state = before;
      else await keep(this.#state);
      throw error;
    }
  }

  #runningFrom(atMs: number): ClockState {
    return { aheadMs: Math.max(0, atMs - this.#machineMs()) };
  }
}
