/** What the demo prints: the month as a person reads it, in 80 columns. */
import { type Colors, framed, type MirrorReport, type ReceiveReport } from "@tallystick/cli";
import type { Verification } from "@tallystick/core";
import {
  amountText,
  type BalancesReport,
  owesMostText,
  type PaymentsReport,
  type SuspenseReport,
  suspenseReasonText,
  textTable,
  totalsTable,
} from "@tallystick/reports";

export interface Month {
  readonly mirrored: MirrorReport;
  readonly received: ReceiveReport;
  readonly balances: BalancesReport;
  readonly payments: PaymentsReport;
  readonly suspense: SuspenseReport;
  readonly verified: Verification;
  /** The kind of store, as in `--store SCHEME:PATH`. */
  readonly scheme: string;
  /** Of the book, as it is typed in a command. */
  readonly path: string;
  readonly colors: Colors;
}

const indent = (text: string): string => text.replace(/^(?=.)/gm, "  ");

const words = (reasons: Readonly<Record<string, number>>): string =>
  Object.entries(reasons)
    .map(([reason, count]) => `${count} ${reason.replaceAll("_", " ")}`)
    .join(", ");

const counted = (
  rows: readonly (readonly [count: number, what: string])[],
  colors: Colors,
): string =>
  rows
    .map(([count, what]) => {
      const line = `  ${String(count).padStart(5)}  ${what}\n`;
      return count === 0 ? colors.dim(line) : line;
    })
    .join("");

const arrivals = ({ mirrored, received, colors }: Month): string => {
  const { bold } = colors;
  const why = received.rejected === 0 ? "" : `: ${words(received.rejections)}`;
  return [
    `\n${bold(`Mirrored ${mirrored.objects} objects that the Billing API answered`)}\n`,
    counted(
      [
        [mirrored.created, "new here"],
        [mirrored.changed, "changed"],
        [mirrored.unchanged, "as they were"],
      ],
      colors,
    ),
    `\n${bold(`Received ${received.deliveries} webhook deliveries`)}\n`,
    counted(
      [
        [received.applied, "applied to what they were for"],
        [received.duplicates, "of payments that were here already: no effect"],
        [received.suspended, "put in suspense, because they fit nothing yet"],
        [received.rejected, `rejected${why}`],
      ],
      colors,
    ),
  ].join("");
};

const nothingNew = ({ mirrored, received, colors }: Month): string => {
  const { created, changed, released } = mirrored;
  return created + changed + released + received.applied + received.suspended > 0
    ? ""
    : `\n${colors.green("The book held all of this already: nothing has changed.")}\n`;
};

const position = ({ balances, colors }: Month): string => {
  const { columns, rows } = totalsTable(balances.totals);
  return `\n${colors.bold("Owed by customers, and held for them in credit")}\n${framed(columns, rows, colors)}`;
};

const debtors = ({ balances, colors }: Month): string =>
  `\n${colors.bold("Who owes most")}\n${indent(owesMostText(balances, 3, colors.dim))}`;

const payments = ({ payments: report, colors }: Month): string => {
  const { applied, flagged, violations, sums } = report;
  const paid = sums.map(({ currency, amount }) => `${amountText(amount, currency)} ${currency}`);
  const broken = violations.map(
    ({ violation, count }) => `${count} ${violation.replaceAll("_", " ")}`,
  );
  return [
    `\n${colors.bold("Payments in the book")}\n`,
    `  ${applied} applied, ${paid.join(" and ")}\n`,
    `  ${flagged} of them broke a rule of what they paid, and are recorded and flagged all\n`,
    `  the same, because the money has moved: ${broken.join(", ")}\n`,
  ].join("");
};

const waiting = ({ suspense, colors }: Month): string => {
  if (suspense.data.length === 0) return `\n${colors.bold("Nothing lies in suspense")}\n`;
  const totals = suspense.totals.map(({ reason, currency, count, amount }) => [
    suspenseReasonText(reason),
    String(count),
    currency,
    amountText(amount, currency),
  ]);
  return [
    `\n${colors.bold(`In suspense: ${suspense.data.length} payments that arrived and fit nothing yet`)}\n`,
    framed(
      [
        { title: "Why" },
        { title: "Payments", align: "right" },
        { title: "Currency" },
        { title: "Amount", align: "right" },
      ],
      totals,
      colors,
    ),
    indent(someWaiting(suspense.data.slice(0, 3), colors)),
  ].join("");
};

/** The first few, as narrow as a terminal may be; `tallystick suspense` tells more of each. */
const someWaiting = (payments: SuspenseReport["data"], { dim }: Colors): string =>
  textTable(
    [
      { title: "FOR EXAMPLE" },
      { title: "" },
      { title: "", align: "right" },
      { title: "", paint: dim },
    ],
    payments.map(({ paymentId, currency, amount, target }) => [
      paymentId,
      currency,
      amountText(amount, currency),
      `for ${target.name}`,
    ]),
    dim,
  );

const proof = ({ verified, path, colors }: Month): string => {
  const { ok, events, commits, brokenAt, problem } = verified;
  const chain = ok
    ? colors.green("every hash and every balance was recomputed and is right")
    : colors.red(`broken at position ${brokenAt}: ${problem}`);
  return `\n${colors.bold("The book")}\n  ${path}\n  ${events} events in ${commits} commits\n  ${chain}\n`;
};

const next = ({ balances, scheme, path, colors }: Month): string => {
  const [reference = ""] = balances.data.map(({ externalReference }) => externalReference);
  const commands = ["balances", "suspense", `history ${reference}`, "verify"].map(
    (command) => `  npx -y pnpm@12 tallystick ${command} \\\n    --store ${scheme}:${path}\n`,
  );
  return `\n${colors.bold("Try next")}\n${commands.join("")}`;
};

export const monthText = (month: Month): string => {
  const { bold, dim } = month.colors;
  return [
    `${bold("Bright Spark, March 2026")}\n${dim("One merchant's month, through an append-only ledger.")}\n`,
    ...[arrivals, nothingNew, position, debtors, payments, waiting, proof, next].map((part) =>
      part(month),
    ),
  ].join("");
};
