/** One task at a time, in the order in which they were asked for. A task that fails holds up nobody. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** What the task comes to, once those before it have ended. */
  take<Result>(task: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(task);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Resolves when every task asked for so far has ended, well or badly. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
