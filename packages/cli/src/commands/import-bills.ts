/** `tallystick import-bills FILE`: a billing file into the ledger. */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { memoryStore } from "@tallystick/adapters/memory";
import { isLedgerError, openLedger } from "@tallystick/core";
import {
  type BadRow,
  type IdentifierColumn,
  identifierColumns,
  parseBillingFileName,
  printable,
} from "@tallystick/reports";
import { type Command, Option } from "commander";
import { usage } from "../cli-error.ts";
import { requireCurrency } from "../currency-option.ts";
import { exitCodes } from "../exit-codes.ts";
import { figures } from "../figures.ts";
import { type ImportBillsReport, importBillsFile, readBillingFile } from "../import-bills-file.ts";
import { type InputFile, openInput } from "../input/input-file.ts";
import { addManual, type Manual } from "../manual.ts";
import { startProgress } from "../progress.ts";
import type { OpenedLedger, Session } from "../session.ts";
import { bookDefault } from "../stores/choose-book.ts";

const manual: Manual = {
  about: `
FILE is a billing file: CSV in UTF-8 with a header. The columns:
  identifier               the customer's external reference
  first_name, last_name    required
  passport_number          required, this one
  sa_identification_number   or this one, of 13 digits
  mobile_phone_number      0825550142 becomes +27825550142 in a file of za
  email                    optional
  due_date                 YYYY-MM-DD, optional
  amount_due               required, in major units: 376.50
Further columns are metadata. The name is COUNTRY_MERCHANT_dailyfile_DATE.csv,
due at 06:00 in South Africa (04:00 UTC) of that day, or for all customers at
once COUNTRY_MERCHANT_moment_all-customers_DATE.csv; it may be another.

A row creates or updates its customer and sets the balance to amount_due; with
--bills it raises a bill instead. The currency is that of the country in the
file's name (za: ZAR), or --currency. A row is known by the date in the file's
name and by its content: importing a file again changes nothing, and a file of
another day applies all of its rows.`,
  json: {
    rows: "how many rows there were below the header; they were",
    "applied, unchanged": "taken, or taken before",
    "bad[]":
      "rows that were not taken: line, field (a column, or identification where either of two is needed), message",
    book: "the book that they were taken into",
  },
  found:
    "some rows were bad; they are listed with line, column and reason, and all others were applied",
  errors: ["UNREADABLE_INPUT", "STORE_LOCKED"],
  examples: `$ tallystick import-bills za_brightspark_dailyfile_2026-03-04.csv \\
    --store file:book.jsonl
$ tallystick import-bills march.csv --currency ZAR --dry-run \\
    --store file:book.jsonl`,
  seeAlso: ["mirror", "balances"],
};

interface ImportBillsFlags {
  readonly currency?: string;
  readonly identifierFrom?: IdentifierColumn;
  readonly bills?: true;
  readonly dryRun?: true;
}

/** Countries that a billing file is known to come from, with their currency. */
const currencies: ReadonlyMap<string, string> = new Map([["za", "ZAR"]]);

const shownMax = 20;

const badText = (bad: readonly BadRow[], session: Session): string => {
  const lines = bad
    .slice(0, shownMax)
    .map(
      ({ line, field, message }) =>
        `${session.colors.red(`line ${line}:`)} ${printable(`${field} ${message}`)}\n`,
    );
  const more = bad.length - shownMax;
  return lines.join("") + (more > 0 ? `and ${more} more; --json lists them all\n` : "");
};

const importedText = (report: ImportBillsReport, what: string, session: Session): string =>
  figures(
    `${report.rows} rows ${what}`,
    [
      ["applied", report.applied],
      ["unchanged", report.unchanged],
      ["bad", report.bad.length],
    ],
    session.colors,
  ) + badText(report.bad, session);

const hashOf = async (file: InputFile): Promise<string> => {
  const hash = createHash("sha256");
  for await (const chunk of file.chunks()) hash.update(chunk);
  return hash.digest("hex");
};

const currencyOf = (flags: ImportBillsFlags, country: string | undefined, path: string): string => {
  const { currency = country === undefined ? undefined : currencies.get(country) } = flags;
  if (currency === undefined)
    throw usage(`the name ${basename(path)} does not say a currency; give it with --currency`);
  return requireCurrency(currency);
};

type LedgerOfBook = Pick<OpenedLedger, "ledger" | "book">;

/** Works with the book without making it: one that is not there yet is an empty one in memory. */
const withoutWriting = async (
  session: Session,
  work: (opened: LedgerOfBook) => Promise<void>,
): Promise<void> => {
  try {
    await session.withLedger("read", work);
  } catch (error) {
    if (!isLedgerError(error, "BOOK_NOT_FOUND")) throw error;
    const book = session.askedBook ?? bookDefault;
    const store = memoryStore({ host: session.io.host });
    const { timeZone } = session;
    await work({ ledger: openLedger({ store, book, timeZone }), book });
  }
};

export const addImportBills = (program: Command, session: Session): void => {
  addManual(program.command("import-bills"), manual)
    .summary("take over what customers owe from a billing file")
    .description("Take over customers and what they owe from a billing file.")
    .argument("<file>", "CSV, such as za_brightspark_dailyfile_2026-03-04.csv")
    .option("--currency <code>", "currency of every amount (default: the country's)")
    .addOption(
      new Option("--identifier-from <column>", "name customers by this column").choices(
        identifierColumns,
      ),
    )
    .option("--bills", "raise a bill for each row instead of setting the balance")
    .option("--dry-run", "say what would happen, and write nothing")
    .action(async (path: string, flags: ImportBillsFlags) => {
      const { io } = session;
      const name = parseBillingFileName(basename(path));
      const currency = currencyOf(flags, name?.country, path);
      const file = await openInput(path);
      try {
        const fileKey = name?.date ?? (await hashOf(file));
        const rows = await readBillingFile(file, {
          currency,
          country: name?.country,
          identifierFrom: flags.identifierFrom,
        });
        const work = async ({ ledger, book }: LedgerOfBook): Promise<void> => {
          const progress = startProgress(io, "importing rows", file.lineCount);
          const report = await importBillsFile(ledger, rows, {
            fileKey,
            asBills: flags.bills === true,
            dryRun: flags.dryRun === true,
            signal: io.signal,
            onProgress: progress.update,
          }).finally(progress.stop);
          const what =
            flags.dryRun === true
              ? `looked at for the book ${book}; nothing was written`
              : `imported into the book ${book}`;
          session.answer({ ...report, book }, () => importedText(report, what, session));
          if (io.signal.aborted) session.exitCode = exitCodes.interrupted;
          else if (report.bad.length > 0) session.exitCode = exitCodes.found;
        };
        await (flags.dryRun === true
          ? withoutWriting(session, work)
          : session.withLedger("create", work));
      } finally {
        await file.close();
      }
    });
};
