/**
 * Read-model documents in tables: lists, filters and look-ups are answered from their indexes. They
 * are caught up when a query asks and not before, a bounded number of events in one transaction, and
 * made again when their definition has another version.
 *
 * A read-only handle cannot store what it folds. It keeps it in temporary tables that lie over the
 * stored ones.
 */
import { setImmediate } from "node:timers/promises";
import {
  type DocumentPage,
  type DocumentQuery,
  documentKeys,
  documentsVersion,
  invariant,
  type RecordedEvent,
  type StoredDocument,
  type StreamId,
} from "@tallystick/core";
import {
  documentColumns,
  documentFilters,
  documentOf,
  foldEvent,
  keyCells,
  newDocument,
  type WorkingDocument,
  workingDocument,
} from "../store/document-rows.ts";
import { type Cell, placesPerBook } from "../store/rows.ts";
import { eventsOfRows } from "../store/stored-pages.ts";
import { Turns } from "../store/turns.ts";
import type { Connection } from "./connection.ts";
import { eventRowsAfter } from "./pages.ts";
import { temporaryDocumentTables } from "./schema.ts";

/** Events that are folded, and documents or their currencies that are dropped, in one transaction. */
const eventsMax = 500;
const droppedMax = 500;
/** Where an index leads to more than a query asks for: entries that are looked at in one turn. */
const lookedAtMax = 1000;

/** Where documents are kept: in the file, or in the temporary tables of a read-only handle. */
type Place = "main" | "temp";

const sql = {
  mark: "SELECT documents_version, documents_position FROM books WHERE id = ?",
  setMark: "UPDATE books SET documents_version = ?, documents_position = ? WHERE id = ?",
  lastDropped: `SELECT created_position FROM documents WHERE book = ?
    ORDER BY created_position LIMIT 1 OFFSET ?`,
  drop: "DELETE FROM documents WHERE book = ? AND created_position <= ?",
  dropCurrencies: `DELETE FROM document_currencies
    WHERE (book, kind, currency, created_position) IN (
      SELECT book, kind, currency, created_position FROM document_currencies WHERE book = ? LIMIT ?)`,
  anyCurrency: "SELECT 1 FROM document_currencies WHERE book = ? LIMIT 1",
  load: (place: Place) =>
    `SELECT ${documentColumns} FROM ${place}.documents WHERE book = ? AND stream = ?`,
  insert: (place: Place) =>
    `INSERT OR REPLACE INTO ${place}.documents (book, ${documentColumns})
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  state: (place: Place) =>
    `UPDATE ${place}.documents SET position = ?, revision = ?, state = ?
      WHERE book = ? AND created_position = ?`,
  addCurrency: (place: Place) =>
    `INSERT OR IGNORE INTO ${place}.document_currencies VALUES (?, ?, ?, ?)`,
  dropCurrency: (place: Place) =>
    `DELETE FROM ${place}.document_currencies
      WHERE book = ? AND kind = ? AND currency = ? AND created_position = ?`,
};

/** Statements of making documents, for a test to ask for their query plans. */
export const documentStatements: Readonly<Record<string, string>> = {
  lastDropped: sql.lastDropped,
  drop: sql.drop,
  dropCurrencies: sql.dropCurrencies,
  anyCurrency: sql.anyCurrency,
  load: sql.load("main"),
  state: sql.state("main"),
};

interface Selection {
  readonly text: string;
  readonly cells: readonly Cell[];
}

const columnsOf = (table: string): string => documentColumns.replaceAll(/\w+/g, `${table}.$&`);

const givenFilters = (query: DocumentQuery): ReturnType<typeof documentFilters> =>
  documentFilters(query).filter(([, , cell]) => cell !== undefined);

/**
 * The statement of one query and what it is bound to, for documents created up to and with a position.
 * Which index leads is said and not guessed.
 */
const selection = (
  place: Place,
  id: number,
  query: DocumentQuery,
  { beside, upTo }: { readonly beside: string; readonly upTo: number },
): Selection => {
  const given = givenFilters(query);
  const { currency, kind, afterCreatedPosition: after = 0 } = query;
  if (given.length === 0 && currency !== undefined)
    return {
      text: `SELECT ${columnsOf("d").replace("d.created_position", "c.created_position")}
        FROM ${place}.document_currencies c
        JOIN ${place}.documents d ON d.book = c.book AND d.created_position = c.created_position
        WHERE c.book = ? AND c.kind = ? AND c.currency = ? AND c.created_position > ?
          AND c.created_position <= ? ${beside}`,
      cells: [id, kind, currency, after, upTo],
    };
  const [, index = "documents_by_kind"] = given[0] ?? [];
  const ofCurrency = `AND EXISTS (SELECT 1 FROM ${place}.document_currencies c
    WHERE c.book = d.book AND c.kind = d.kind AND c.currency = ?
      AND c.created_position = d.created_position)`;
  return {
    text: `SELECT ${columnsOf("d")} FROM ${place}.documents d INDEXED BY ${index}
      WHERE d.book = ? AND d.kind = ? ${given.map(([column]) => `AND d.${column} = ?`).join(" ")}
        AND d.created_position > ? AND d.created_position <= ?
        ${currency === undefined ? "" : ofCurrency} ${beside}`,
    cells: [
      id,
      kind,
      ...given.map(([, , cell]) => cell ?? null),
      after,
      upTo,
      ...(currency === undefined ? [] : [currency]),
    ],
  };
};

/**
 * Where the leading index has led to as many entries as are looked at in one turn. Undefined where it
 * leads to nothing but what is asked for.
 */
export const boundStatement = (
  place: Place,
  id: number,
  query: DocumentQuery,
): Selection | undefined => {
  const given = givenFilters(query);
  const [first] = given;
  const conditions = given.length + (query.currency === undefined ? 0 : 1);
  if (first === undefined || conditions < 2) return undefined;
  const [column, index, cell] = first;
  return {
    text: `SELECT d.created_position FROM ${place}.documents d INDEXED BY ${index}
      WHERE d.book = ? AND d.kind = ? AND d.${column} = ? AND d.created_position > ?
      ORDER BY 1 LIMIT 1 OFFSET ?`,
    cells: [id, query.kind, cell ?? null, query.afterCreatedPosition ?? 0, lookedAtMax - 1],
  };
};

/** The statement that answers a query from the stored documents, for a test to ask for its plan. */
export const queryStatement = (
  id: number,
  query: DocumentQuery,
  upTo: number = Number.MAX_SAFE_INTEGER,
): Selection => {
  const { text, cells } = selection("main", id, query, { beside: "", upTo });
  return { text: `${text} ORDER BY 1 LIMIT ?`, cells: [...cells, query.limit + 1] };
};

/** Stored documents that the temporary ones have replaced are left out. */
const notReplaced = `AND NOT EXISTS (SELECT 1 FROM temp.documents t
  WHERE t.book = d.book AND t.created_position = d.created_position)`;

/** What one turn found of a page, one document more than asked for where there is one. */
interface Part {
  readonly found: readonly StoredDocument[];
  /** Documents created later were not looked at; undefined where all were. */
  readonly lookedUpTo: number | undefined;
  readonly position: number;
}

interface Overlay {
  /** The stored documents that it lies over: those of this position, or none of them. */
  readonly over: number | "nothing";
  readonly position: number;
}

/** Where documents are looked for, the first that has one counting. */
const placesOf = ({ over }: Pick<Overlay, "over">): readonly Place[] =>
  over === "nothing" ? ["temp"] : ["temp", "main"];

const pageOf = (
  found: readonly StoredDocument[],
  limit: number,
  position: number,
): DocumentPage => {
  const documents = found.slice(0, limit);
  const next = found.length > limit ? documents.at(-1)?.createdPosition : undefined;
  return { documents, ...(next === undefined ? {} : { next }), position };
};

export class Documents {
  readonly #connection: Connection;
  readonly #id: number;
  readonly #catchingUp: Turns = new Turns();
  #overlay: Overlay | undefined;

  constructor(connection: Connection, id: number) {
    this.#connection = connection;
    this.#id = id;
  }

  /** A page, true for a position that is `position` or later. */
  async query(query: DocumentQuery, position: number): Promise<DocumentPage> {
    invariant(
      Number.isInteger(query.limit) && query.limit >= 1,
      `a page holds at least 1 document, not ${query.limit}`,
    );
    const found: StoredDocument[] = [];
    let after = query.afterCreatedPosition ?? 0;
    let trueFor: number | undefined;
    for (;;) {
      await this.#catchingUp.take(() => this.#catchUp(position));
      const rest = {
        ...query,
        afterCreatedPosition: after,
        limit: query.limit - found.length,
      };
      const part = await this.#read(() => this.#part(rest, position));
      // Another process may have begun to make the documents again in the meantime.
      if (part === undefined) continue;
      trueFor ??= part.position;
      found.push(...part.found);
      if (found.length > query.limit || part.lookedUpTo === undefined)
        return pageOf(found, query.limit, trueFor);
      after = part.lookedUpTo;
      await setImmediate();
    }
  }

  #part(query: DocumentQuery, position: number): Part | undefined {
    const mark = this.#mark();
    const overlay = mark.current && mark.position >= position ? undefined : this.#overlay;
    if (overlay === undefined && (!mark.current || mark.position < position)) return undefined;
    if (overlay !== undefined && overlay.over !== "nothing")
      if (!mark.current || mark.position < overlay.over) {
        this.#overlay = undefined;
        return undefined;
      }
    const places = overlay === undefined ? (["main"] as const) : placesOf(overlay);
    const lookedUpTo = this.#bound(places, query);
    const { text, cells } =
      overlay === undefined
        ? queryStatement(this.#id, query, lookedUpTo)
        : this.#overlaid(query, overlay, lookedUpTo);
    const found = this.#connection
      .statement(text)
      .all(...cells)
      .map(documentOf);
    return { found, lookedUpTo, position: overlay?.position ?? mark.position };
  }

  /** Up to where all places together are looked at in one turn; undefined where that is the end. */
  #bound(places: readonly Place[], query: DocumentQuery): number | undefined {
    const bounds = places.flatMap((place) => {
      const bound = boundStatement(place, this.#id, query);
      if (bound === undefined) return [];
      const [position] = this.#connection.statement(bound.text).get(...bound.cells) ?? [];
      return position === undefined ? [] : [Number(position)];
    });
    return bounds.length === 0 ? undefined : Math.min(...bounds);
  }

  #overlaid(
    query: DocumentQuery,
    { over }: Overlay,
    upTo: number = Number.MAX_SAFE_INTEGER,
  ): Selection {
    const above = selection("temp", this.#id, query, { beside: "", upTo });
    const order = "ORDER BY 1 LIMIT ?";
    const limit = query.limit + 1;
    if (over === "nothing")
      return { text: `${above.text} ${order}`, cells: [...above.cells, limit] };
    const below = selection("main", this.#id, query, { beside: notReplaced, upTo });
    return {
      text: `${below.text} UNION ALL ${above.text} ${order}`,
      cells: [...below.cells, ...above.cells, limit],
    };
  }

  #mark(): { readonly current: boolean; readonly position: number } {
    const [version, position] = this.#connection.statement(sql.mark).get(this.#id) ?? [];
    return { current: version === documentsVersion, position: Number(position ?? 0) };
  }

  async #catchUp(position: number): Promise<void> {
    for (;;) {
      const behind = await this.#read(() => {
        const mark = this.#mark();
        if (mark.current && mark.position >= position) return false;
        return this.#overlay === undefined || this.#overlay.position < position;
      });
      if (!behind) return;
      if (this.#connection.readOnly)
        await this.#connection.patiently(() => this.#foldBeside(position));
      else await this.#connection.writes.take(() => this.#foldStored(position));
      await setImmediate();
      this.#connection.shortenLog();
    }
  }

  async #foldStored(position: number): Promise<void> {
    await this.#connection.lock();
    try {
      const mark = this.#mark();
      if (!mark.current) this.#dropSome();
      else if (mark.position < position)
        this.#setMark(documentsVersion, this.#fold(["main"], mark.position, position));
      this.#connection.commit();
    } finally {
      this.#connection.rollBack();
    }
  }

  /** Documents of another version: some of them go, and once there are none the new ones begin. */
  #dropSome(): void {
    this.#setMark("", 0);
    const { statement } = bound(this.#connection);
    const [last] = statement(sql.lastDropped).get(this.#id, droppedMax) ?? [];
    statement(sql.drop).run(this.#id, last ?? Number.MAX_SAFE_INTEGER);
    if (last !== undefined) return;
    statement(sql.dropCurrencies).run(this.#id, droppedMax);
    if (statement(sql.anyCurrency).get(this.#id) !== undefined) return;
    this.#setMark(documentsVersion, 0);
  }

  #setMark(version: string, position: number): void {
    this.#connection.statement(sql.setMark).run(version, position, this.#id);
  }

  #foldBeside(position: number): void {
    this.#overlay = this.#connection.temporarily(() => {
      const { over, position: from } = this.#overlay ?? this.#newOverlay();
      return { over, position: this.#fold(placesOf({ over }), from, position) };
    });
  }

  #newOverlay(): Overlay {
    const mark = this.#mark();
    this.#connection.exec(`DROP TABLE IF EXISTS temp.documents;
      DROP TABLE IF EXISTS temp.document_currencies; ${temporaryDocumentTables}`);
    return mark.current
      ? { over: mark.position, position: mark.position }
      : { over: "nothing", position: 0 };
  }

  /**
   * Folds events behind a position into the documents of the first place; those that are not there
   * are taken from the second. Gives back how far it came.
   */
  #fold(places: readonly Place[], from: number, upTo: number): number {
    const range = { after: from, upTo, limit: eventsMax };
    const base = this.#id * placesPerBook;
    const events = eventsOfRows(eventRowsAfter(this.#connection, base, range));
    const touched = new Map<StreamId, WorkingDocument>();
    for (const event of events) {
      let working = touched.get(event.streamId);
      if (working === undefined) {
        working = this.#load(places, event);
        touched.set(event.streamId, working);
      }
      foldEvent(working, event);
    }
    const [place = "main"] = places;
    for (const working of touched.values()) this.#save(place, working);
    return from + events.length;
  }

  #load(places: readonly Place[], { streamId, position }: RecordedEvent): WorkingDocument {
    for (const place of places) {
      const row = this.#connection.statement(sql.load(place)).get(this.#id, streamId);
      if (row === undefined) continue;
      // A row of the second place is new to the first.
      return place === places[0]
        ? workingDocument(row)
        : { ...workingDocument(row), loaded: undefined, loadedCurrencies: [] };
    }
    return newDocument(streamId, position);
  }

  #save(place: Place, working: WorkingDocument): void {
    const { streamId, createdPosition, loaded, loadedCurrencies, state } = working;
    const keys = documentKeys(streamId, state);
    invariant(keys !== undefined, `the events of ${streamId} left it empty`);
    const { statement } = bound(this.#connection);
    const cells = keyCells(keys);
    const text = JSON.stringify(state);
    const { position, revision } = working;
    if (loaded === JSON.stringify(cells)) {
      statement(sql.state(place)).run(position, revision, text, this.#id, createdPosition);
      return;
    }
    const row = [this.#id, createdPosition, ...cells, position, revision, text];
    statement(sql.insert(place)).run(...row);
    const { kind, currencies } = keys;
    for (const currency of currencies)
      if (!loadedCurrencies.includes(currency))
        statement(sql.addCurrency(place)).run(this.#id, kind, currency, createdPosition);
    for (const currency of loadedCurrencies)
      if (!currencies.includes(currency))
        statement(sql.dropCurrency(place)).run(this.#id, kind, currency, createdPosition);
  }

  #read<Found>(read: () => Found): Promise<Found> {
    return this.#connection.patiently(() => this.#connection.snapshot(read));
  }
}

const bound = (connection: Connection) => ({
  statement: (text: string) => connection.statement(text),
});
