/** The whole numbers from `from`, included, to `to`, excluded. */
export const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
