/**
 * Many requests of a merchant run at once; what replaces its ledger runs alone. Who wants to be alone
 * waits for those inside, and those who come later wait for it.
 */
export class Gate {
  #inside = 0;
  /** Ends with the last one that wants to be alone; undefined while nobody does. */
  #closed: Promise<void> | undefined;
  #emptied: (() => void) | undefined;

  async shared<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#closed !== undefined) await this.#closed;
    this.#inside += 1;
    try {
      return await work();
    } finally {
      this.#inside -= 1;
      if (this.#inside === 0) this.#emptied?.();
    }
  }

  async exclusive<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#closed !== undefined) await this.#closed;
    let open = (): void => undefined;
    this.#closed = new Promise((resolve) => {
      open = resolve;
    });
    try {
      if (this.#inside > 0)
        await new Promise<void>((resolve) => {
          this.#emptied = resolve;
        });
      return await work();
    } finally {
      this.#emptied = undefined;
      this.#closed = undefined;
      open();
    }
  }
}
