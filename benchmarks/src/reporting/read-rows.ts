/**
 * The rows that a report rests on, only read and parsed: those of the events by the bare driver, with
 * `JSON.parse` of what is JSON in them, and those of a CSV by the parser.
 */
import { DatabaseSync } from "node:sqlite";
import { csvRows, openInput } from "@tallystick/cli";
import { onQuestion } from "./passes.ts";

export interface Reading {
  readonly database: string;
  readonly csv?: string;
  /** How many rows there are in all, at least. */
  readonly rows: number;
}

const readEvents = (path: string): number => {
  const database = new DatabaseSync(path, { readOnly: true });
  let count = 0;
  for (const { data, personal } of database
    .prepare("SELECT * FROM events ORDER BY place")
    .iterate()) {
    for (const json of [data, personal]) if (json !== null) JSON.parse(String(json));
    count += 1;
  }
  database.close();
  return count;
};

const readCsv = async (path: string): Promise<number> => {
  const input = await openInput(path);
  let count = 0;
  for await (const _row of csvRows(input)) count += 1;
  await input.close();
  return count;
};

onQuestion(async ({ database, csv, rows }: Reading) => {
  const read = readEvents(database) + (csv === undefined ? 0 : await readCsv(csv));
  if (read < rows) throw new Error(`${read} rows were read where there are ${rows}`);
});
