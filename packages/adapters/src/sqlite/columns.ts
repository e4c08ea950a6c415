/** What is read of a commit's and an event's row, as SQLite spells it. */
import { spelled } from "../store/rows.ts";

const digits = (column: string): string => `lower(hex(${column}))`;

const columns = spelled({
  commitPlace: "place",
  eventPlace: "place",
  digits,
  digitsOrJson: (column) =>
    `CASE typeof(${column}) WHEN 'blob' THEN ${digits(column)} ELSE ${column} END`,
  text: (column) => column,
  array: (cells) => `json_array(${cells})`,
});

export const commitColumns: string = columns.commitColumns;
export const eventColumnsOf: (table: string) => string = columns.eventColumnsOf;
