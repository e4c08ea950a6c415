/** A merchant's clock: it stands still at an instant, or runs with the machine's. Times are milliseconds since 1970. */
import { type Instant, instantOfMs, invariant } from "@tallystick/core";
import { type DueWork, earliestDueMs } from "./due-work.ts";

/** As it is remembered. `aheadMs` is how far a running clock is ahead of the machine's; 0 or more. */
export type ClockState = { readonly frozenAtMs: number } | { readonly aheadMs: number };

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

  /** Stands still at an instant that is not before now. */
  freeze(atMs: number): void {
    invariant(atMs >= this.nowMs(), "a merchant's clock never goes back");
    this.#state = { frozenAtMs: atMs };
  }

  /** Runs on: with the machine's clock, or from where it stood if that is behind. */
  run(): void {
    this.#state = { aheadMs: Math.max(0, this.nowMs() - this.#machineMs()) };
  }

  /** Is not before an instant from here on: stands there, or runs on from there. Nothing becomes due by it. */
  reach(atMs: number): void {
    if (atMs <= this.nowMs()) return;
    const { frozen } = this;
    this.freeze(atMs);
    if (!frozen) this.run();
  }

  /** Stops the clock, moves it to `untilMs`, and does what becomes due on the way, each at its own instant. */
  async advance(untilMs: number, works: readonly DueWork[]): Promise<void> {
    this.#state = { frozenAtMs: this.nowMs() };
    for (;;) {
      const dueMs = await earliestDueMs(works);
      if (dueMs === undefined || dueMs > untilMs) break;
      // What was due before is done now.
      const atMs = Math.max(dueMs, this.nowMs());
      this.freeze(atMs);
      for (const work of works) await work.runDue(atMs);
    }
    this.freeze(Math.max(untilMs, this.nowMs()));
  }
}
