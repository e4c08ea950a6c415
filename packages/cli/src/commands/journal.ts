/** `tallystick journal`: every movement of money as a balanced posting. */
import {
  beancountJournal,
  hledgerJournal,
  htmlText,
  journalCsv,
  journalJson,
  journalSheet,
  journalText,
} from "@tallystick/reports";
import type { Command } from "commander";
import { addManual, type Manual } from "../manual.ts";
import { reading } from "../reading.ts";
import {
  addReportOptions,
  asOfOf,
  formatOf,
  type ReportOptions,
  reportHelp,
  tellPieces,
} from "../report-options.ts";
import type { Session } from "../session.ts";

const manual: Manual = {
  about: `
One entry for each event that moves money, in the order in which they were
recorded; trial-balance says what the accounts hold. The formats hledger and
beancount declare every account and end by asserting its balance, so that those
programs check both.
${reportHelp}`,
  json: {
    "data[]": "an entry: position, event_id, type, payment_id where it is about one",
    "data[].date, data[].effective_at": "the day on which it was true, and the instant",
    "data[].postings[]": "account, obligation of receivables, currency",
    "data[].postings[].amount": "in minor units; debits are positive, and they sum to 0",
  },
  csv: {
    "position, date, event": "the entry; a line for each of its postings",
    payment_id: "where it is about one",
    "account, currency": "as hledger names the account",
    "debit, credit": "one of both, in major units",
    event_id: "the event that it is a reading of",
  },
  errors: ["BOOK_NOT_FOUND"],
  examples: `$ tallystick journal --format hledger --out march.journal \\
    --store file:book.jsonl
$ hledger check --strict --file march.journal
$ tallystick journal --format beancount --out march.beancount \\
    --store file:book.jsonl
$ bean-check march.beancount`,
  seeAlso: ["trial-balance", "history"],
};

export const addJournal = (program: Command, session: Session): void => {
  addReportOptions(addManual(program.command("journal"), manual), ["hledger", "beancount"])
    .summary("print every movement as a balanced posting")
    .description("Print every movement of money as a balanced posting.")
    .action((options: ReportOptions) => {
      const asOf = asOfOf(session, options);
      const format = formatOf(session, options);
      return session.withLedger("read", async ({ ledger: read }) => {
        // What is printed on a terminal while the book is read shows by itself how far it is.
        const isShown = options.out === undefined && session.io.stdout.isTTY === true;
        const ledger = isShown ? read : reading(session.io, read);
        const pieces = {
          text: journalText,
          json: journalJson,
          csv: journalCsv,
          hledger: hledgerJournal,
          beancount: beancountJournal,
        };
        if (format === "html")
          await tellPieces(session, options, htmlText(await journalSheet(ledger, asOf)));
        else
          await tellPieces(session, options, pieces[format as keyof typeof pieces](ledger, asOf));
      });
    });
};
