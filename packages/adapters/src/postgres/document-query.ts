/**
 * The statement of one question about documents, and the indexes that it is answered by.
 *
 * There are no hints in PostgreSQL, and a table that has just grown has no statistics: every index that
 * fits a condition then looks as good as any other. So each index has a lead of its own, a question
 * names the lead of one index as the index has it, and all other conditions in a form that no index
 * has.
 */
import type { DocumentQuery } from "@tallystick/core";
import { documentColumns, documentFilters } from "../store/document-rows.ts";
import type { Cell } from "../store/rows.ts";

const flagLead =
  (column: string) =>
  (d: string): string =>
    `${d}kind || CASE ${d}${column} WHEN 1 THEN '/1' ELSE '/0' END`;

/** By column, what its index has between the book and the order; `d` is the table's alias with its point. */
export const leads: Readonly<Record<string, (d: string) => string>> = {
  kind: (d) => `${d}kind`,
  stream: (d) => `${d}stream`,
  external_reference: (d) => `${d}external_reference`,
  customer_id: (d) => `${d}customer_id`,
  account_id: (d) => `${d}account_id`,
  status: (d) => `${d}kind || '/' || ${d}status`,
  owing: flagLead("owing"),
  credit: flagLead("credit"),
  tracked: flagLead("tracked"),
};

/** Leads that speak of the kind as well. */
const ofKind = new Set(["status", "owing", "credit", "tracked"]);

const columnsOf = (table: string): string => documentColumns.replaceAll(/\w+/g, `${table}.$&`);

export interface Selection {
  readonly text: string;
  readonly values: readonly (Cell | undefined)[];
}

/**
 * The page and, in the same snapshot, up to where documents and book reach; one row at least. `s` is
 * the quoted schema, `name` the book's.
 */
export const queryStatement = (s: string, name: string, query: DocumentQuery): Selection => {
  const { currency, kind, afterCreatedPosition: after = 0 } = query;
  const values: (Cell | undefined)[] = [name, after, query.limit + 1];
  const bound = (value: Cell | undefined): string => `$${values.push(value)}`;
  const [first, ...others] = documentFilters(query).filter(([, , cell]) => cell !== undefined);
  const conditions = others.map(([column, , cell]) =>
    typeof cell === "number"
      ? `d.${column} + 0 = ${bound(cell)}`
      : `d.${column} || '' = ${bound(cell)}`,
  );
  const inOrder = (alias: string): string =>
    `${alias}.created_position > $2 ORDER BY ${alias}.created_position LIMIT $3`;
  if (first === undefined && currency !== undefined)
    return {
      text: page(
        s,
        `FROM ${s}.document_currencies c
        JOIN ${s}.documents d ON d.book = c.book AND d.created_position = c.created_position
        WHERE c.book = b.id AND c.kind = ${bound(kind)} AND c.currency = ${bound(currency)}
          AND ${inOrder("c")}`,
      ),
      values,
    };
  if (currency !== undefined)
    conditions.push(`position(${bound(JSON.stringify(currency))} in d.currencies) > 0`);
  const [column, , cell] = first ?? ["kind", "", kind];
  const lead = leads[column]?.("d.") ?? "d.kind";
  const wanted = ofKind.has(column) ? `${kind}/${String(cell)}` : cell;
  if (!ofKind.has(column) && column !== "kind") conditions.push(`d.kind || '' = ${bound(kind)}`);
  return {
    text: page(
      s,
      `FROM ${s}.documents d WHERE d.book = b.id AND ${lead} = ${bound(wanted)}
        ${conditions.map((each) => `AND ${each}`).join(" ")} AND ${inOrder("d")}`,
    ),
    values,
  };
};

const page = (s: string, found: string): string => `
  SELECT b.id, b.position, m.version, m.position, ${columnsOf("d")}
  FROM ${s}.books b
  LEFT JOIN ${s}.document_marks m ON m.book = b.id
  LEFT JOIN LATERAL (SELECT ${columnsOf("d")} ${found}) d ON true
  WHERE b.name = $1 AND b.commit_number > 0 ORDER BY d.created_position`;
