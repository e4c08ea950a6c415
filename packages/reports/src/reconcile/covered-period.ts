/** What a file covers: what its head says, else the days from its first to its last row. */

import type { OnPeriod } from "./csv-files.ts";
import type { ExternalRow, Period } from "./sides.ts";

/** Undefined for a file without rows that does not say what it covers. */
export const coveredPeriod = async (
  rows: (onPeriod: OnPeriod) => AsyncIterable<ExternalRow>,
): Promise<Period | undefined> => {
  let said: Period | undefined;
  let seen: Period | undefined;
  for await (const { date } of rows((period) => (said = period))) {
    if (said !== undefined) break;
    if (seen === undefined) seen = { from: date, to: date };
    else if (date < seen.from) seen = { ...seen, from: date };
    else if (date > seen.to) seen = { ...seen, to: date };
  }
  return said ?? seen;
};
