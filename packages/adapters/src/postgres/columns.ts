/** What is read of a commit's and an event's row, as PostgreSQL spells it. */
import { spelled } from "../store/rows.ts";

const digits = (column: string): string => `coalesce(encode(${column}, 'hex'), '')`;

const columns = spelled({
  commitPlace: "number",
  eventPlace: "position",
  digits,
  digitsOrJson: digits,
  text: (column) => `${column}::text`,
  array: (cells) => `json_build_array(${cells})::text`,
});

export const commitColumns: string = columns.commitColumns;
export const eventColumnsOf: (table: string) => string = columns.eventColumnsOf;
