/** As of when a report is, in words: the lines below its title. */
import type { AsOfPair, Known } from "./as-of.ts";

/** What was known, and about when; every report says both. */
export const asOfFacts = (
  { effective, timeZone }: AsOfPair,
  known: Known | undefined,
): (readonly [label: string, value: string])[] => [
  ["Effective", effective === undefined ? "whenever it was true" : `up to ${effective}`],
  [
    "Known",
    known === undefined
      ? "nothing was recorded yet"
      : `up to position ${known.position}, recorded ${known.recordedAt}`,
  ],
  ["Days end in", timeZone],
];
