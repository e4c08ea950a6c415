/** `tallystick match accept`, `match undo` and `match list`: what a reconciliation cannot decide, said by a person. */
import { type Acceptance, type DifferenceCause, differenceCauses } from "@tallystick/core";
import {
  acceptances,
  acceptancesSheet,
  amountText,
  type ColumnMapping,
  type ExternalFile,
  type ExternalRow,
  findRows,
} from "@tallystick/reports";
import { type Command, Option } from "commander";
import { usage } from "../cli-error.ts";
import { mappingOf } from "../column-mapping.ts";
import { requireCurrency } from "../currency-option.ts";
import { externalFile } from "../external-file.ts";
import { openInput } from "../input/input-file.ts";
import { addManual, type Entries, type Manual } from "../manual.ts";
import { reading } from "../reading.ts";
import {
  addReportOptions,
  asOfOf,
  type ReportOptions,
  reportHelp,
  tellReport,
} from "../report-options.ts";
import type { Session } from "../session.ts";

const acceptance: Entries = {
  "kind, currency, amount": "of the rows: payment or refund, and their sum in minor units",
  "rows[]": "row_id, amount",
  "movements[]": "events of ours: position, payment_id, amount",
  difference: "what was booked: amount (theirs less ours), cause",
  "reason, effective_at": "why, and when the last of the movements was",
};

const manual: Manual = {
  about: `
What a reconciliation finds open is settled by an event on the ledger, never by
the report. An accepted match comes before every rule from then on, in any file
that holds its rows; reconcile marks it, and it is open no more.`,
  examples: `$ tallystick match accept 14 --external bank.csv --currency ZAR \\
    --map date=Date,amount=Amount --payment pay_… --difference fee \\
    --reason "the bank keeps 1 %" --store file:book.jsonl
$ tallystick match list --store file:book.jsonl`,
  seeAlso: ["reconcile", "suspense", "payment"],
};

const acceptManual: Manual = {
  about: `
ROW is a line of the file, or the id of a row, row_…, as reconcile --json tells
it. Several rows and several payments may be one match. Of a payment, all
movements are meant, unless one is named by its position: pay_…@1234.

Where the amounts differ, --difference says what that is. It is booked against
cash, as of when the last of the payments was, so that trial-balance and journal
show it; no balance of a customer, account or bill changes. A row and a movement
stand in one match at most. The same match again changes nothing.`,
  json: {
    ...acceptance,
    accepted: "false where it stood before, and in a dry run",
    event_id: "the event that says so",
  },
  errors: [
    "UNREADABLE_INPUT",
    "PAYMENT_NOT_FOUND",
    "CURRENCY_MISMATCH",
    "MATCH_STANDS",
    "DIFFERENCE_UNEXPLAINED",
    "NO_DIFFERENCE",
  ],
  examples: `$ tallystick match accept 14 15 --external recon.csv --payment pay_… \\
    --reason "paid in two parts" --store file:book.jsonl`,
  seeAlso: ["reconcile"],
};

const undoManual: Manual = {
  about: `
ROW is the id of one of its rows, row_…, as match list tells it. What was booked
is booked back as of the same time, and the rules decide again. What was undone
before changes nothing.`,
  json: {
    ...acceptance,
    undone: "false where it was before, and in a dry run",
    event_id: "the event that says so",
  },
  errors: ["ROW_NOT_ACCEPTED"],
  examples: `$ tallystick match undo row_… --reason "another payment after all" \\
    --store file:book.jsonl`,
  seeAlso: ["reconcile"],
};

const listManual: Manual = {
  about: reportHelp,
  json: {
    "data[]": "a match that stands: the members of match accept, with position, recorded_at, actor",
    "totals[]": "what was booked, for each cause and currency: cause, currency, count, amount",
  },
  csv: {
    "rows, payments": "ids, with a space between them",
    "effective_at, currency, kind": "our day, and payment or refund",
    "external_amount, ledger_amount, difference":
      "theirs, ours, and what was booked; in major units",
    cause: "what the difference is: fee, rounding or write_off",
    "actor, reason": "who said so, and why",
  },
  errors: ["BOOK_NOT_FOUND"],
  examples: `$ tallystick match list --as-of 2026-03-31 --store file:book.jsonl`,
  seeAlso: ["reconcile", "trial-balance"],
};

interface WriteOptions {
  readonly reason: string;
  readonly actor?: string;
  readonly dryRun?: boolean;
}

interface AcceptOptions extends WriteOptions {
  readonly external: string;
  readonly payment: readonly NamedPayment[];
  readonly map?: ColumnMapping;
  readonly currency?: string;
  readonly difference?: DifferenceCause;
}

interface NamedPayment {
  readonly paymentId: string;
  readonly position?: number;
}

const addPayment = (text: string, others: readonly NamedPayment[] = []): NamedPayment[] => {
  const [, paymentId = "", position] = /^([^@]+)(?:@([1-9]\d{0,14}))?$/.exec(text) ?? [];
  if (paymentId === "")
    throw usage(`--payment ${text} is no payment; write pay_…, or pay_…@1234 for one position`);
  return [
    ...others,
    { paymentId, ...(position === undefined ? {} : { position: Number(position) }) },
  ];
};

interface Found {
  readonly rowId: string;
  readonly row: ExternalRow;
}

/** The rows that were named, each once; all of them of one kind and currency. */
const rowsOf = async (
  file: ExternalFile,
  sha256: Parameters<typeof findRows>[1],
  names: readonly string[],
): Promise<readonly [Found, ...Found[]]> => {
  const found = await findRows(file, sha256, names);
  const missing = names.filter((name) => !found.has(name));
  if (missing.length > 0)
    throw usage(
      `${file.name} has no row ${missing.join(", ")}; name it by its line, or by its id as reconcile --json tells it`,
      { rows: missing },
    );
  const [first, ...others] = new Map(
    [...found.values()].map((each) => [each.rowId, each]),
  ).values();
  if (first === undefined) throw usage("name a row");
  const strange = others.find(
    ({ row }) => row.kind !== first.row.kind || row.currency !== first.row.currency,
  );
  if (strange !== undefined)
    throw usage(
      `a match is of one kind and currency: line ${first.row.line} is a ${first.row.kind} in ${first.row.currency}, line ${strange.row.line} a ${strange.row.kind} in ${strange.row.currency}`,
    );
  return [first, ...others];
};

const told = ({ rows, movements, currency, amount, difference }: Acceptance): string => {
  const payments = [...new Set(movements.map(({ paymentId }) => paymentId))].join(", ");
  const theirs = rows.map(({ rowId }) => rowId).join(", ");
  const booked =
    difference === undefined
      ? ""
      : `, with ${amountText(difference.amount, currency)} as ${difference.cause}`;
  return `${theirs} (${amountText(amount, currency)} ${currency}) and ${payments}${booked}`;
};

const dry = (dryRun: boolean): string => (dryRun ? "; a dry run, nothing was written" : "");

const accept = async (
  session: Session,
  names: readonly string[],
  options: AcceptOptions,
): Promise<void> => {
  const { external, map: mapping, currency, payment, difference, reason } = options;
  const { actor, dryRun = false } = options;
  if (currency !== undefined) requireCurrency(currency);
  const input = await openInput(external);
  try {
    const file = await externalFile(input, 0, {
      timeZone: session.timeZone,
      mapping,
      currency,
    });
    const rows = await rowsOf(file, session.io.host.sha256, names);
    await session.withLedger("change", async ({ ledger }) => {
      const [{ row }] = rows;
      const { entity, events, replayed } = await ledger.acceptMatch(
        {
          kind: row.kind,
          currency: row.currency,
          rows: rows.map(({ rowId, row: { amount } }) => ({ rowId, amount })),
          payments: [...payment],
          difference,
          reason,
        },
        { actor, dryRun },
      );
      const { object: _, ...acceptance } = entity;
      const report = { ...acceptance, accepted: !replayed && !dryRun, eventId: events[0]?.id };
      session.answer(report, () =>
        replayed
          ? `${told(entity)} were accepted as one before; nothing changed.\n`
          : `${told(entity)} are accepted as one${dry(dryRun)}.\n`,
      );
    });
  } finally {
    await input.close();
  }
};

const undo = (
  session: Session,
  rowId: string,
  { reason, actor, dryRun = false }: WriteOptions,
): Promise<void> =>
  session.withLedger("change", async ({ ledger }) => {
    const { entity, events, replayed } = await ledger.undoAcceptance(
      { rowId, reason },
      { actor, dryRun },
    );
    const { object: _, ...acceptance } = entity;
    const report = { ...acceptance, undone: !replayed && !dryRun, eventId: events[0]?.id };
    session.answer(report, () =>
      replayed
        ? `${told(entity)} were undone before; nothing changed.\n`
        : `${told(entity)} are no longer accepted as one${dry(dryRun)}.\n`,
    );
  });

const list = (session: Session, options: ReportOptions): Promise<void> => {
  const asOf = asOfOf(session, options);
  return session.withLedger("read", async ({ ledger }) => {
    const report = await acceptances(reading(session.io, ledger), asOf);
    await tellReport(session, options, {
      data: report,
      sheet: () => acceptancesSheet(report, asOf),
    });
  });
};

export const addMatch = (program: Command, session: Session): void => {
  const match = addManual(program.command("match"), manual)
    .summary("accept a match that no rule finds, or undo one")
    .description("Accept that rows of theirs are payments of the ledger, and undo that.");
  addManual(match.command("accept"), acceptManual)
    .summary("say that rows and payments are the same")
    .description("Say that rows of a file and payments of the ledger are the same.")
    .argument("<row...>", "lines of the file, or ids of rows, row_…")
    .requiredOption("--external <file>", "the file that holds the rows")
    .requiredOption("--payment <id>", "a payment; may be given several times", addPayment)
    .requiredOption("--reason <text>", "why; it is kept")
    .addOption(
      new Option("--difference <cause>", "what the difference is").choices(differenceCauses),
    )
    .option("--map <columns>", "columns of another CSV, as amount=Amount,date=Date", mappingOf)
    .option("--currency <code>", "where no column of the file says it")
    .option("--actor <name>", "who says so")
    .option("--dry-run", "say what would happen, and write nothing")
    .action((names: string[], options: AcceptOptions) => accept(session, names, options));
  addManual(match.command("undo"), undoManual)
    .summary("take an accepted match back")
    .description("Take an accepted match back.")
    .argument("<row>", "the id of one of its rows, row_…")
    .requiredOption("--reason <text>", "why; it is kept")
    .option("--actor <name>", "who says so")
    .option("--dry-run", "say what would happen, and write nothing")
    .action((rowId: string, options: WriteOptions) => undo(session, rowId, options));
  addReportOptions(addManual(match.command("list"), listManual))
    .summary("list the accepted matches that stand")
    .description("List the accepted matches that stand, and what was booked with them.")
    .action((options: ReportOptions) => list(session, options));
};
