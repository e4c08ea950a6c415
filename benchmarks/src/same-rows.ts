/**
 * The rows that a book consists of, written again by the bare driver into tables of the same shape:
 * what our durability, our columns and our indexes cost without any of our code.
 */
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { openBare } from "./bare.ts";
import { inNewFolder } from "./folders.ts";
import { type Pass, timed } from "./measure.ts";

type Cells = readonly SQLInputValue[];

/** Rows of a table, by the commit that they belong to. */
interface Table {
  readonly name: string;
  readonly rows: Map<number, Cells[]>;
}

/** The tables that every command writes to, and how the commit of a row is found. */
const tables: readonly (readonly [name: string, commit: string])[] = [
  ["commits", "place & 68719476735"],
  ["events", "commit_number"],
  ["stream_places", "(SELECT commit_number FROM events e WHERE e.place = t.place)"],
  ["claim_places", "(SELECT commit_number FROM events e WHERE e.place = t.place)"],
  ["outcome_places", "place & 68719476735"],
];

const columnsOf = (database: DatabaseSync, table: string): string[] =>
  database
    .prepare(`PRAGMA table_info(${table})`)
    .all()
    .map((column) => String(column["name"]));

const tableOf = (database: DatabaseSync, name: string, commit: string): Table => {
  const columns = columnsOf(database, name).map((column) => `t.${column}`);
  const rows = new Map<number, Cells[]>();
  const all = database.prepare(
    `SELECT ${commit} AS commit_of_row, ${columns.join()} FROM ${name} t`,
  );
  for (const { commit_of_row: number, ...row } of all.all()) {
    const key = Number(number);
    const cells = Object.values(row) as Cells;
    const known = rows.get(key);
    if (known === undefined) rows.set(key, [cells]);
    else known.push(cells);
  }
  return { name, rows };
};

/** The schema as it stands in the file, triggers and indexes included. */
const schemaOf = (database: DatabaseSync): string[] =>
  database
    .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
    .all()
    .map((row) => String(row["sql"]));

export interface Replay {
  /** The commits up to and with this one are there before the time is taken. */
  readonly after: number;
  readonly groupSize: number;
}

/** Writes all rows behind a commit once more, one transaction a group of commits. */
export const replayRows = (path: string, { after, groupSize }: Replay): Promise<Pass> =>
  inNewFolder(async (folder) => {
    const source = new DatabaseSync(path, { readOnly: true });
    const read = tables.map(([name, commit]) => tableOf(source, name, commit));
    const schema = schemaOf(source);
    source.close();
    const target = openBare(join(folder, "same.db"));
    for (const statement of schema) target.exec(statement);
    const inserts = read.map(({ name, rows }) => {
      const columns = columnsOf(target, name);
      const marks = columns.map(() => "?").join();
      const statement = target.prepare(`INSERT INTO ${name} (${columns.join()}) VALUES (${marks})`);
      return { rows, statement };
    });
    const write = (commit: number): void => {
      for (const { rows, statement } of inserts)
        for (const cells of rows.get(commit) ?? []) statement.run(...cells);
    };
    const commits = [...(read[0]?.rows.keys() ?? [])].sort((a, b) => a - b);
    target.exec("BEGIN IMMEDIATE");
    for (const commit of commits) if (commit <= after) write(commit);
    target.exec("COMMIT");
    const timedCommits = commits.filter((commit) => commit > after);
    const pass = await timed(timedCommits.length, () => {
      for (let from = 0; from < timedCommits.length; from += groupSize) {
        target.exec("BEGIN IMMEDIATE");
        for (const commit of timedCommits.slice(from, from + groupSize)) write(commit);
        target.exec("COMMIT");
      }
    });
    target.close();
    return pass;
  });
