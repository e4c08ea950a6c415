/** Wakes whoever waits for something to happen. Rings are counted, so that none is missed. */

/** What of an abort signal is needed here. */
export interface Signal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

export class Bell {
  #rings = 0;
  readonly #waiting = new Set<() => void>();
  readonly #begins: () => void;

  /** `begins` is told whenever somebody begins to wait, so that news are looked for while anybody does. */
  constructor(begins: () => void = () => undefined) {
    this.#begins = begins;
  }

  /** How often it rang. Taken before looking for news, it tells `after` what was seen. */
  get rings(): number {
    return this.#rings;
  }

  /** Whether anybody waits for it now. */
  get awaited(): boolean {
    return this.#waiting.size > 0;
  }

  ring(): void {
    this.#rings += 1;
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Resolves once it has rung more often than `rings` times, or when the signal aborts. */
  async after(rings: number, signal?: Signal): Promise<void> {
    if (this.#rings > rings || signal?.aborted === true) return;
    let wake = (): void => undefined;
    const woken = new Promise<void>((resolve) => {
      wake = () => resolve();
    });
    this.#waiting.add(wake);
    this.#begins();
    signal?.addEventListener("abort", wake);
    await woken;
    this.#waiting.delete(wake);
    signal?.removeEventListener("abort", wake);
  }
}
