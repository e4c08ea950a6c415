/**
 * What the pure core borrows from the machine it runs on. Nothing in this package reads a clock,
 * draws a random number or calls a hash function of its own: it asks the host that it was given, so
 * a test can hand it a clock that stands still and randomness that repeats.
 */
export interface Host {
  /**
   * Milliseconds since 1970-01-01T00:00:00Z. Where every book has a clock of its own, that of `book`;
   * a host with one clock passes the name over.
   */
  readonly now: (book?: string) => number;
  /** `count` bytes, unpredictable in production, seeded in tests. */
  readonly randomBytes: (count: number) => Uint8Array;
  /** SHA-256 of the UTF-8 bytes of `text`, as 64 lower-case hexadecimal digits. */
  readonly sha256: (text: string) => string;
  /** Resolves after about so many milliseconds; only lost races wait on it. */
  readonly pause: (ms: number) => Promise<void>;
}
