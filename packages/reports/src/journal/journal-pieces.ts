/** The journal as text, JSON and CSV, entry by entry, so that no journal is too long; and as a sheet. */
import { toSnakeCase } from "@tallystick/core";
import type { Posting } from "../accounts/postings.ts";
import type { AsOfPair, EventSource } from "../as-of/as-of.ts";
import { csvLine } from "../render/csv-text.ts";
import { amountCell, type Cell, type Sheet, type SheetColumn } from "../render/sheet.ts";
import { amountWithCurrency, hledgerAccount } from "./chart.ts";
import { type JournalEntry, journalEntries } from "./journal-entries.ts";

type Pieces = AsyncGenerator<string, void, undefined>;

/** Each entry with its postings below it, debits positive; a sentence where there is none. */
export async function* journalText(source: EventSource, asOf: AsOfPair): Pieces {
  let isEmpty = true;
  for await (const { date, type, position, paymentId = "", postings } of journalEntries(
    source,
    asOf,
  )) {
    isEmpty = false;
    yield `${date}  ${type}  #${position}  ${paymentId}`.trimEnd();
    yield "\n";
    for (const posting of postings) {
      const amount = amountWithCurrency(posting.amount, posting.currency);
      yield `    ${hledgerAccount(posting).padEnd(52)}  ${amount.padStart(24)}\n`;
    }
  }
  if (isEmpty) yield "No money has moved.\n";
}

/** `{"data":[…]}`, an entry a line. Amounts are minor units. */
export async function* journalJson(source: EventSource, asOf: AsOfPair): Pieces {
  let begin = '{"data":[\n';
  for await (const entry of journalEntries(source, asOf)) {
    yield begin + JSON.stringify(toSnakeCase(entry));
    begin = ",\n";
  }
  yield begin === ",\n" ? "\n]}\n" : '{"data":[]}\n';
}

const columns: readonly SheetColumn[] = [
  { key: "position", title: "Position", align: "right" },
  { key: "date", title: "Date" },
  { key: "event", title: "Event" },
  { key: "payment_id", title: "Payment" },
  { key: "account", title: "Account" },
  { key: "currency", title: "Currency" },
  { key: "debit", title: "Debit", align: "right" },
  { key: "credit", title: "Credit", align: "right" },
  { key: "event_id", title: "Id" },
];

const rowOf = (
  { position, date, type, paymentId, eventId }: JournalEntry,
  posting: Posting,
): Cell[] => {
  const { amount, currency } = posting;
  const sum = amountCell(Math.abs(amount), currency);
  return [
    position,
    date,
    type,
    paymentId,
    hledgerAccount(posting),
    currency,
    amount > 0 ? sum : undefined,
    amount < 0 ? sum : undefined,
    eventId,
  ];
};

/** A line for each posting. */
export async function* journalCsv(source: EventSource, asOf: AsOfPair): Pieces {
  yield csvLine(columns.map(({ key }) => key));
  for await (const entry of journalEntries(source, asOf))
    for (const posting of entry.postings) yield csvLine(rowOf(entry, posting));
}

export const journalSheet = async (source: EventSource, asOf: AsOfPair): Promise<Sheet> => {
  const rows: Cell[][] = [];
  for await (const entry of journalEntries(source, asOf))
    for (const posting of entry.postings) rows.push(rowOf(entry, posting));
  return {
    title: "Journal",
    facts: [["Days end in", asOf.timeZone]],
    tables: [{ columns, rows, empty: "No money has moved." }],
  };
};
