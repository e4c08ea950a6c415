/**
 * Read-model documents in tables: lists, filters and look-ups are answered from their indexes. They
 * are caught up when a query asks and not before, a bounded number of events at a time, without
 * holding up writers or other readers: whoever folds second finds that the mark has moved, and reads.
 */
import {
  type DocumentPage,
  type DocumentQuery,
  documentKeys,
  documentsVersion,
  invariant,
  type StreamId,
} from "@tallystick/core";
import {
  documentColumns,
  documentOf,
  foldEvent,
  keyCells,
  newDocument,
  type WorkingDocument,
  workingDocument,
} from "../store/document-rows.ts";
import type { Cell, Row } from "../store/rows.ts";
import { eventsOfRows, requireGapless } from "../store/stored-pages.ts";
import { Turns } from "../store/turns.ts";
import { eventColumnsOf } from "./columns.ts";
import type { Database } from "./database.ts";
import { queryStatement } from "./document-query.ts";

/** Events that are folded, and documents that are dropped, in one statement. */
const eventsMax = 1000;
const droppedMax = 5000;

const columnsOf = (table: string): string => documentColumns.replaceAll(/\w+/g, `${table}.$&`);

/** Where the documents of a book stand. */
interface Mark {
  readonly book: number;
  readonly head: number;
  readonly version: Cell | undefined;
  readonly position: number;
}

/** Events that are being read, strictly after `from`, up to and with `upTo`. */
interface Ahead {
  readonly from: number;
  readonly upTo: number;
  readonly rows: Promise<readonly Row[]>;
}

const markOf = ([book, head, version, position]: Row): Mark => ({
  book: Number(book),
  head: Number(head),
  version,
  position: Number(position ?? 0),
});

export class Documents {
  readonly #database: Database;
  readonly #schema: string;
  readonly #name: string;
  readonly #catchingUp: Turns = new Turns();

  /** `schema` is quoted, `name` that of the book. */
  constructor(database: Database, schema: string, name: string) {
    this.#database = database;
    this.#schema = schema;
    this.#name = name;
  }

  /** A page, true for the position that the book has now. */
  async query(query: DocumentQuery): Promise<DocumentPage> {
    invariant(
      Number.isInteger(query.limit) && query.limit >= 1,
      `a page holds at least 1 document, not ${query.limit}`,
    );
    let wanted: number | undefined;
    for (;;) {
      const { text, values } = queryStatement(this.#schema, this.#name, query);
      const rows = await this.#database.read(text, values);
      const [first] = rows;
      if (first === undefined) return { documents: [], position: 0 };
      const mark = markOf(first);
      // Others go on writing; what was there when the question came is enough.
      wanted ??= mark.head;
      if (wanted === 0) return { documents: [], position: 0 };
      if (mark.version === documentsVersion && mark.position >= wanted)
        return pageOf(rows, query, mark.position);
      const behind = wanted;
      await this.#catchingUp.take(() => this.#catchUp(behind));
    }
  }

  async #catchUp(wanted: number): Promise<void> {
    let ahead: Ahead | undefined;
    for (;;) {
      const [row] = await this.#database.read(
        `SELECT b.id, b.position, m.version, m.position FROM ${this.#schema}.books b
          LEFT JOIN ${this.#schema}.document_marks m ON m.book = b.id WHERE b.name = $1`,
        [this.#name],
      );
      if (row === undefined) return;
      const mark = markOf(row);
      const isNew = row[2] === null;
      if (!isNew && mark.version !== documentsVersion)
        await this.#database.write(`SELECT ${this.#schema}.drop_documents($1, $2, $3)`, [
          mark.book,
          documentsVersion,
          droppedMax,
        ]);
      else if (mark.position >= wanted) return;
      else {
        const { book, head, position: from } = mark;
        const next = ahead?.from === from ? ahead : this.#readAhead(book, from, head);
        // What comes behind is read while this is folded and saved.
        ahead = next.upTo < wanted ? this.#readAhead(book, next.upTo, head) : undefined;
        await this.#fold(book, next);
      }
    }
  }

  #readAhead(book: number, from: number, head: number): Ahead {
    const upTo = Math.min(head, from + eventsMax);
    const rows = this.#database.read(
      `SELECT ${eventColumnsOf("events")} FROM ${this.#schema}.events
        WHERE book = $1 AND position > $2 AND position <= $3 ORDER BY position`,
      [book, from, upTo],
    );
    // Whoever folds them meets the error; where another process was first, nobody does.
    rows.catch(() => undefined);
    return { from, upTo, rows };
  }

  /** Folds the next events into their documents, unless another process was first. */
  async #fold(book: number, { from, upTo, rows: reading }: Ahead): Promise<void> {
    const rows = await reading;
    requireGapless(rows, { after: from, wanted: upTo - from });
    const events = eventsOfRows(rows);
    const working = await this.#load(book, from, [...new Set(events.map((e) => e.streamId))]);
    if (working === undefined) return;
    for (const event of events) {
      let document = working.get(event.streamId);
      if (document === undefined) {
        document = newDocument(event.streamId, event.position);
        working.set(event.streamId, document);
      }
      foldEvent(document, event);
    }
    await this.#save({ book, from, upTo }, [...working.values()]);
  }

  /** The documents of streams as they were at a position; undefined where they stand elsewhere now. */
  async #load(
    book: number,
    position: number,
    streams: readonly StreamId[],
  ): Promise<Map<StreamId, WorkingDocument> | undefined> {
    const rows = await this.#database.read(
      `SELECT m.version, m.position, ${columnsOf("d")}
        FROM (SELECT 1) one
        LEFT JOIN ${this.#schema}.document_marks m ON m.book = $1
        LEFT JOIN unnest($2::text[]) AS n(stream) ON true
        LEFT JOIN LATERAL (
          SELECT ${columnsOf("d")} FROM ${this.#schema}.documents d
          WHERE d.book = $1 AND d.stream = n.stream LIMIT 1
        ) d ON true`,
      [book, streams],
    );
    const [version, at] = rows[0] ?? [];
    const isNew = version === null && position === 0;
    if (!isNew && (version !== documentsVersion || at !== position)) return undefined;
    const documents = rows.filter((row) => row[2] !== null);
    return new Map(
      documents.map((row) => {
        const document = workingDocument(row.slice(2));
        return [document.streamId, document];
      }),
    );
  }

  async #save(
    { book, from, upTo }: { readonly book: number; readonly from: number; readonly upTo: number },
    working: readonly WorkingDocument[],
  ): Promise<void> {
    const gone: object[] = [];
    const documents = working.map((document) => {
      const keys = documentKeys(document.streamId, document.state);
      invariant(keys !== undefined, `the events of ${document.streamId} left it empty`);
      for (const currency of document.loadedCurrencies)
        if (!keys.currencies.includes(currency))
          gone.push({ k: keys.kind, c: currency, p: document.createdPosition });
      const [k, s, e, u, a, t, y, o, r, d] = keyCells(keys);
      return {
        c: document.createdPosition,
        k,
        s,
        e,
        u,
        a,
        t,
        y,
        o,
        r,
        d,
        p: document.position,
        n: document.revision,
        z: JSON.stringify(document.state),
      };
    });
    await this.#database.write(
      `SELECT ${this.#schema}.save_documents($1, $2, $3, $4, $5::json, $6::json)`,
      [book, documentsVersion, from, upTo, JSON.stringify(documents), JSON.stringify(gone)],
    );
  }
}

const pageOf = (rows: readonly Row[], query: DocumentQuery, position: number): DocumentPage => {
  const found = rows.filter((row) => row[4] !== null).map((row) => documentOf(row.slice(4)));
  const documents = found.slice(0, query.limit);
  const last = found.length > query.limit ? documents.at(-1)?.createdPosition : undefined;
  return { documents, ...(last === undefined ? {} : { next: last }), position };
};
