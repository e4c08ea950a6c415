/** Reading a book page by page: events by position, commits by number, checked on the way. */
import { genesis, type Head, type Host, LedgerError } from "@tallystick/core";
import { hashOfRow, positionOf, type Row, recordedAtOfRow } from "../store/rows.ts";
import { type Page, pageOfRows, requireGapless } from "../store/stored-pages.ts";
import { commitColumns, eventColumnsOf } from "./columns.ts";
import type { Connection } from "./connection.ts";

const sql = {
  events: `SELECT ${eventColumnsOf("events")} FROM events WHERE place > ? AND place <= ? ORDER BY place LIMIT ?`,
  commits: `SELECT ${commitColumns} FROM commits WHERE place > ? AND place <= ? ORDER BY place LIMIT ?`,
  commit: `SELECT ${commitColumns} FROM commits WHERE place = ?`,
  commitOfEvent: "SELECT commit_number FROM events WHERE place = ?",
  lastCommit: `SELECT ${commitColumns} FROM commits WHERE place > ? AND place <= ? ORDER BY place DESC LIMIT 1`,
};

/** The statements of reading, for a test to ask for their query plans. */
export const pageStatements: Readonly<Record<string, string>> = sql;

/** Rows of events strictly after a position, up to and with another, at most `limit`. */
export const eventRowsAfter = (
  connection: Connection,
  base: number,
  { after, upTo, limit }: { readonly after: number; readonly upTo: number; readonly limit: number },
): Row[] => {
  const rows = connection.statement(sql.events).all(base + after, base + upTo, limit);
  requireGapless(rows, { after, wanted: Math.min(limit, upTo - after) });
  return rows;
};

/** Where a book stood after a commit, which has to be there; at its beginning for number 0. */
export const headAt = (
  connection: Connection,
  { base, begin }: { readonly base: number; readonly begin: Head },
  number: number,
): Head => {
  if (number === 0) return begin;
  const row = connection.statement(sql.commit).get(base + number);
  if (row === undefined)
    throw new LedgerError("BOOK_CORRUPT", `commit ${number} is missing`, {
      detail: { commit: number },
    });
  return {
    commit: number,
    position: Number(row[1]) + Number(row[2]) - 1,
    hash: hashOfRow(row),
    recordedAt: recordedAtOfRow(row),
    chainId: begin.chainId,
  };
};

export const genesisOf = ({ sha256 }: Host, chainId: string): Head => genesis(sha256, chainId);

/** The number of the last commit of a book, whatever stands before it; 0 where there is none. */
export const lastCommit = (connection: Connection, base: number, most: number): number => {
  const row = connection.statement(sql.lastCommit).get(base, base + most);
  return row === undefined ? 0 : positionOf(row);
};

/** The commit that an event belongs to; undefined where there is no such event. */
export const commitOfEvent = (
  connection: Connection,
  base: number,
  position: number,
): number | undefined => {
  const row = connection.statement(sql.commitOfEvent).get(base + position);
  return row === undefined ? undefined : Number(row[0]);
};

/**
 * Commits behind `head`, up to and with a number, at most `limit`: those that hold, and what is wrong
 * with the next one if something is.
 */
export const commitsBehind = (
  connection: Connection,
  base: number,
  { head, upTo, limit }: { readonly head: Head; readonly upTo: number; readonly limit: number },
): Page => {
  const rows = connection.statement(sql.commits).all(base + head.commit, base + upTo, limit);
  const last = rows.at(-1);
  const lastPosition = last === undefined ? head.position : Number(last[1]) + Number(last[2]) - 1;
  const events = connection
    .statement(sql.events)
    .all(base + head.position, base + lastPosition, Math.max(0, lastPosition - head.position));
  return pageOfRows(rows, events, { head, wanted: Math.min(limit, upTo - head.commit) });
};
