/**
 * A billing file (spec 7.1, D-39) into a book: each good row creates or updates its customer and sets
 * its balance, in one commit, or raises a bill. Bad rows are told and stop no other.
 *
 * A row is known by the file's date, its identifier and its content, so importing a file again
 * changes nothing, and an equal row of another day applies. A file without a date in its name is
 * known by its bytes.
 *
 * The file is read to its end before the store is opened. Memory: its rows.
 */
import {
  canonicalJson,
  errorCatalogue,
  isLedgerError,
  type Json,
  type Ledger,
} from "@tallystick/core";
import {
  type BadRow,
  type BillingReading,
  type BillingRow,
  BillingRows,
  headerProblem,
  isBadRow,
} from "@tallystick/reports";
import { CliError } from "./cli-error.ts";
import { eachInFlight } from "./in-flight.ts";
import { csvRows } from "./input/csv-rows.ts";
import type { InputFile } from "./input/input-file.ts";
import { messageOf } from "./report-error.ts";

export interface ImportBillsOptions {
  /** The file's date, or a hash of its bytes. */
  readonly fileKey: string;
  /** Raise a bill for each row instead of setting the customer's balance. */
  readonly asBills: boolean;
  readonly dryRun: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((rows: number) => void) | undefined;
}

export interface ImportBillsReport {
  /** Below the header, empty lines apart: applied, unchanged and bad. */
  readonly rows: number;
  readonly applied: number;
  /** Rows that were imported before. */
  readonly unchanged: number;
  /** By line. */
  readonly bad: readonly BadRow[];
}

export interface ReadBillingFile {
  readonly good: readonly GoodRow[];
  readonly bad: readonly BadRow[];
}

interface GoodRow {
  readonly line: number;
  readonly row: BillingRow;
}

/** The rows of a file. `UNREADABLE_INPUT` for one that is no billing file. */
export const readBillingFile = async (
  file: InputFile,
  options: BillingReading,
): Promise<ReadBillingFile> => {
  const good: GoodRow[] = [];
  const bad: BadRow[] = [];
  let rows: BillingRows | undefined;
  for await (const { line, cells } of csvRows(file)) {
    if (rows === undefined) {
      const header = cells.map((name) => name.trim());
      const problem = headerProblem(header, options.identifierFrom);
      if (problem !== undefined) throw unreadable(file.path, line, problem);
      rows = new BillingRows(header, options);
      continue;
    }
    const row = rows.read(line, cells);
    if (isBadRow(row)) bad.push(row);
    else good.push({ line, row });
  }
  if (rows === undefined) throw unreadable(file.path, 1, "there is no header");
  return { good, bad };
};

const unreadable = (path: string, line: number, problem: string): CliError =>
  new CliError("UNREADABLE_INPUT", `${path} is no billing file: line ${line}: ${problem}`, {
    detail: { path, line, reason: problem },
  });

const columns: Readonly<Record<string, string>> = {
  externalReference: "identifier",
  name: "first_name",
  email: "email",
  phone: "mobile_phone_number",
  balance: "amount_due",
  amountDue: "amount_due",
};

/** The column that a refusal of the ledger is about. */
const columnOf = (error: unknown): string => {
  const faults = isLedgerError(error) ? error.detail["faults"] : undefined;
  const [fault] = Array.isArray(faults) ? (faults as { readonly field: string }[]) : [];
  const [member = "", key] = (fault?.field ?? "").split(".").slice(-2);
  if (key !== undefined && member === "metadata") return key;
  return columns[key ?? member] ?? "identifier";
};

/** Whether the ledger said no to this row, and may say yes to the next. */
const isRefusal = (error: unknown): boolean =>
  isLedgerError(error) && errorCatalogue[error.code].kind !== "failure";

const isKnown = async (ledger: Ledger, customer: string): Promise<boolean> => {
  try {
    await ledger.retrieveCustomer(customer);
    return true;
  } catch (error) {
    if (isLedgerError(error, "NOT_FOUND")) return false;
    throw error;
  }
};

const customerOf = ({ name, email, phone }: BillingRow) => ({
  name,
  ...(email === undefined ? {} : { email }),
  ...(phone === undefined ? {} : { phone }),
});

/** Writes one row; false where it was written before. */
const writeRow = async (
  ledger: Ledger,
  row: BillingRow,
  { fileKey, asBills, dryRun }: ImportBillsOptions,
): Promise<boolean> => {
  const { identifier, amountDue, currency, dueDate, metadata } = row;
  const content = ledger.store.host.sha256(canonicalJson({ ...row, asBills } as unknown as Json));
  const idempotencyKey = `import-bills/${fileKey}/${content}`;
  // A customer that the row created would now be updated: the key would meet another request.
  const found = await ledger.store.findOutcome(ledger.book, idempotencyKey);
  if (found !== undefined && found.outcome.refusal === undefined) return false;
  const options = { idempotencyKey, dryRun };
  const known = await isKnown(ledger, identifier);
  const details = { ...customerOf(row), metadata };
  if (asBills) {
    const bill = {
      externalReference: `${identifier}-${fileKey}`,
      currency,
      amountDue,
      ...(dueDate === undefined ? {} : { dueDate }),
      metadata,
    };
    const customer = known ? identifier : { externalReference: identifier, ...customerOf(row) };
    return !(await ledger.createBill({ ...bill, customer }, options)).replayed;
  }
  const balance = { balance: amountDue, currency };
  const written = known
    ? await ledger.updateCustomer(identifier, { ...details, ...balance }, options)
    : await ledger.createCustomer(
        { externalReference: identifier, ...details, ...balance },
        options,
      );
  return !written.replayed;
};

export const importBillsFile = async (
  ledger: Ledger,
  { good, bad: unread }: ReadBillingFile,
  options: ImportBillsOptions,
): Promise<ImportBillsReport> => {
  const bad = [...unread];
  let [applied, unchanged] = [0, 0];
  const write = async ({ line, row }: GoodRow): Promise<void> => {
    try {
      if (await writeRow(ledger, row, options)) applied += 1;
      else unchanged += 1;
    } catch (error) {
      // Another import of the same file was there first.
      if (isLedgerError(error, "IDEMPOTENCY_KEY_REUSED")) {
        unchanged += 1;
        return;
      }
      if (!isRefusal(error)) throw error;
      bad.push({ line, field: columnOf(error), message: messageOf(error) });
    }
    options.onProgress?.(applied + unchanged);
  };
  await eachInFlight(good, write, options.signal);
  return {
    rows: applied + unchanged + bad.length,
    applied,
    unchanged,
    bad: bad.sort((a, b) => a.line - b.line),
  };
};
