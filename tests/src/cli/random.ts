/** Randomness that repeats: the same seed draws the same numbers, on every machine. */

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

export interface Random {
  /** From 0, included, to 1, not included. */
  next(): number;
  /** A whole number, both bounds included. */
  between(low: number, high: number): number;
  /** True in so many of a hundred cases. */
  percent(share: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** `prefix` and 21 letters and digits. */
  id(prefix: string): string;
  shuffled<Item>(items: readonly Item[]): Item[];
}

/** Mulberry32: small, fast, and good enough to make up a month. */
export const seededRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number): number =>
    low + Math.floor(next() * (high - low + 1));
  const pick = <Item>(items: readonly Item[]): Item => items[between(0, items.length - 1)] as Item;
  return {
    next,
    between,
    percent: (share) => next() * 100 < share,
    pick,
    id: (prefix) => prefix + Array.from({ length: 21 }, () => pick(Array.from(alphabet))).join(""),
    shuffled: (items) => {
      const copy = [...items];
      for (let at = copy.length - 1; at > 0; at -= 1) {
        const other = between(0, at);
        [copy[at], copy[other]] = [copy[other] as (typeof copy)[0], copy[at] as (typeof copy)[0]];
      }
      return copy;
    },
  };
};
