/** The statements that read a book, page by page. Each finds its rows by an index that leads with the book. */
import { commitColumns, eventColumnsOf } from "./columns.ts";

export type PageStatements = Readonly<
  Record<
    | "head"
    | "events"
    | "commits"
    | "stream"
    | "revisions"
    | "commitOfEvent"
    | "claims"
    | "paymentClaims"
    | "outcome"
    | "commitHashes"
    | "append",
    string
  >
>;

/** `s` is the quoted schema. Every first parameter is the name of a book. */
export const pageStatements = (s: string): PageStatements => {
  const book = `(SELECT id FROM ${s}.books WHERE name = $1)`;
  const lastOf = (alias: string): string => `FROM unnest($2::text[]) WITH ORDINALITY AS n(stream, o)
    LEFT JOIN LATERAL (
      SELECT revision FROM ${s}.events
      WHERE book = ${book} AND stream = n.stream ORDER BY revision DESC LIMIT 1
    ) ${alias} ON true ORDER BY n.o`;
  return {
    head: `SELECT commit_number, position, encode(hash, 'hex'), recorded_at, chain_id
      FROM ${s}.books WHERE name = $1 AND commit_number > 0`,
    /** Strictly after $2, up to and with $3, at most $4. */
    events: `SELECT ${eventColumnsOf("events")} FROM ${s}.events
      WHERE book = ${book} AND position > $2 AND position <= $3 ORDER BY position LIMIT $4`,
    /** From and with $2, up to and with $3, at most $4. */
    commits: `SELECT ${commitColumns} FROM ${s}.commits
      WHERE book = ${book} AND number >= $2 AND number <= $3 ORDER BY number LIMIT $4`,
    /** Of stream $2, strictly after revision $3, up to and with $4, at most $5. */
    stream: `SELECT ${eventColumnsOf("events")} FROM ${s}.events
      WHERE book = ${book} AND stream = $2 AND revision > $3 AND revision <= $4
      ORDER BY revision LIMIT $5`,
    revisions: `SELECT coalesce(e.revision, 0) ${lastOf("e")}`,
    /** The head's commit, and the commit of the event at position $2, if there is one. */
    commitOfEvent: `SELECT b.commit_number, (
        SELECT commit_number FROM ${s}.events WHERE book = b.id AND position = $2)
      FROM ${s}.books b WHERE b.name = $1 AND b.commit_number > 0`,
    claims: `SELECT e.stream, e.revision
      FROM unnest($2::text[]) WITH ORDINALITY AS n(key, o)
      LEFT JOIN LATERAL (
        SELECT position FROM ${s}.claims WHERE book = ${book} AND key = n.key LIMIT 1
      ) c ON true
      LEFT JOIN LATERAL (
        SELECT stream, revision FROM ${s}.events
        WHERE book = ${book} AND position = c.position LIMIT 1
      ) e ON true ORDER BY n.o`,
    /** Keys from and with $2 and $4, up to $3 and $5. */
    paymentClaims: `SELECT c.key, e.stream, e.revision FROM (
        SELECT key, position FROM ${s}.claims WHERE book = ${book} AND key >= $2 AND key < $3
        UNION ALL
        SELECT key, position FROM ${s}.claims WHERE book = ${book} AND key >= $4 AND key < $5
      ) c CROSS JOIN LATERAL (
        SELECT stream, revision FROM ${s}.events
        WHERE book = ${book} AND position = c.position LIMIT 1
      ) e`,
    outcome: `SELECT number FROM ${s}.commits
      WHERE book = ${book} AND outcome_key = $2 AND outcome_key IS NOT NULL`,
    commitHashes: `SELECT number, encode(hash, 'hex') FROM ${s}.commits
      WHERE book = ${book} AND number >= $2 AND number <= $3`,
    append: `SELECT * FROM ${s}.append_group(
      $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
  };
};
