/** What ends the event streams of a merchant: a reset of its book, or the end of the server. */
export class Streams {
  #ending = new AbortController();

  /** Aborted when a stream that begins now has to end. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Ends those that run. Their readers come back, and are given what there is then. */
  end(): void {
    this.#ending.abort();
    this.#ending = new AbortController();
  }

  /** Ends those that run, and at once each that would begin later. */
  close(): void {
    this.#ending.abort();
  }
}
