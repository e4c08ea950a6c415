/** When a delivery is tried again (D-37): at once, then so long after the previous failure, in milliseconds. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

const delaysMs: readonly number[] = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

/** How long after failure number `failures` (1 or more) the next attempt is due; undefined after the last. */
export const retryDelayMs = (failures: number): number | undefined => delaysMs[failures - 1];

/** For so long both secrets sign after a rotation. */
export const rotationMs: number = 24 * hour;
