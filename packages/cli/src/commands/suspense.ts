/** `tallystick suspense`, `suspense match` and `suspense undo`: money that fits nothing yet, and where it belongs. */

import type { Entity } from "@tallystick/core";
import {
  type AsOfPair,
  amountText,
  type SuspenseReport,
  suspenseAsOf,
  suspenseReasonText,
  suspenseReport,
  suspenseSheet,
  suspenseText,
} from "@tallystick/reports";
import type { Command } from "commander";
import { findTarget } from "../find-target.ts";
import { framed } from "../framed.ts";
import type { Colors } from "../io.ts";
import { addManual, type Manual } from "../manual.ts";
import { minorUnits } from "../minor-units.ts";
import {
  addReportOptions,
  asOfOf,
  type ReportOptions,
  reportHelp,
  tellReport,
} from "../report-options.ts";
import type { Session } from "../session.ts";

const manual: Manual = {
  about: `
A payment lies in suspense where it names nothing that is known, a voided bill,
or an obligation of another currency, or where it was reported before with
another amount. It stays there until its object is mirrored, or until it is
matched; a match can be undone.
${reportHelp}`,
  json: {
    "data[]": "a sum that lies there: payment_id, amount in minor units, currency",
    "data[].reason": "unknown_target, currency_mismatch, bill_voided or payment_conflict",
    "data[].target": "what the payment named: kind, name",
    "data[].effective_at": "when the money moved",
    "data[].undone": "where it had been matched before, if that was undone: kind, id, note",
    "totals[]": "for each reason and currency: reason, currency, count, amount",
  },
  csv: {
    payment_id: "the payment",
    effective_at: "when the money moved",
    "currency, amount": "in major units",
    reason: "why it lies there",
    "target_kind, target": "what the payment named",
    undone: "where it had been matched before, and why that was undone",
  },
  errors: ["BOOK_NOT_FOUND"],
  examples: `$ tallystick suspense --store file:book.jsonl
$ tallystick suspense match pay_… --to CUST-100000 --store file:book.jsonl`,
  seeAlso: ["receive", "reconcile", "payment"],
};

const matchManual: Manual = {
  about: `
The payment is applied as of when the money moved. It is refused where it does
not fit: another currency than the obligation's, a voided bill, a payment that
was applied there before. A payment that does not lie in suspense changes
nothing.`,
  json: {
    "payment_id, amount, currency": "the sum that was matched, in minor units",
    matched: "false where it had been matched there before, and nothing changed",
    target: "where it was put: kind, id, external_reference",
    "violations[]": "rules of the obligation that it broke",
    balance: "what is owed there after it",
    event_id: "the event that says so",
  },
  errors: [
    "NOT_FOUND",
    "PAYMENT_NOT_FOUND",
    "CURRENCY_MISMATCH",
    "BILL_VOIDED",
    "PAYMENT_CONFLICT",
    "TARGET_REQUIRED",
  ],
  examples: `$ tallystick suspense match pay_… --to CUST-100000 --store file:book.jsonl`,
  seeAlso: ["reconcile", "payment"],
};

const undoManual: Manual = {
  about: `
The payment comes off the obligation that it was matched to, by hand or when
that was mirrored, and lies in suspense again, both as of when the money moved.
From there it may be matched anywhere, to the same obligation too. What was
undone before changes nothing. It is refused where a part of the payment was
sent back since: reverse the rest, and record what belongs elsewhere.`,
  json: {
    "payment_id, amount, currency": "the sum that lies in suspense again, in minor units",
    undone: "false where it was before, and in a dry run",
    from: "where it came back from: kind, id, external_reference",
    balance: "what is owed there after it",
    reason: "why it lies in suspense",
    event_id: "the event that says so",
  },
  errors: ["NOT_FOUND", "PAYMENT_NOT_FOUND", "NOTHING_TO_REVERSE", "TARGET_REQUIRED"],
  examples: `$ tallystick suspense undo pay_… --reason "another Dlamini" \\
    --store file:book.jsonl`,
  seeAlso: ["payment", "history"],
};

interface UndoOptions {
  readonly reason: string;
  readonly of?: string;
  readonly actor?: string;
  readonly dryRun?: boolean;
}

interface MatchOptions {
  readonly to: string;
  readonly amount?: number;
  readonly currency?: string;
}

const listText = (
  { data, totals }: SuspenseReport,
  asOf: AsOfPair,
  book: string,
  colors: Colors,
): string => {
  if (data.length === 0) return `Nothing lies in suspense in the book ${book}.\n`;
  const { bold } = colors;
  const sums = framed(
    [
      { title: "Why" },
      { title: "Payments", align: "right" },
      { title: "Currency" },
      { title: "Amount", align: "right" },
    ],
    totals.map(({ reason, currency, count, amount }) => [
      suspenseReasonText(reason),
      String(count),
      currency,
      amountText(amount, currency),
    ]),
    colors,
  );
  return `${suspenseText(data, asOf, bold)}\n${bold("In all")}\n${sums}`;
};

const list = (session: Session, options: ReportOptions): Promise<void> => {
  const asOf = asOfOf(session, options);
  return session.withLedger("read", async ({ ledger, book }) => {
    const isNow = asOf.known === undefined && asOf.effective === undefined;
    const report = isNow ? await suspenseReport(ledger) : await suspenseAsOf(ledger, asOf);
    await tellReport(session, options, {
      data: report,
      sheet: () => suspenseSheet(report, asOf),
      text: (colors) => listText(report, asOf, book, colors),
    });
  });
};

const balanceText = ({ balance, currency }: Entity): string =>
  balance === undefined || currency === undefined
    ? ""
    : `; its balance is ${amountText(balance, currency)} ${currency} now`;

const match = (
  session: Session,
  paymentId: string,
  { to, amount, currency }: MatchOptions,
): Promise<void> =>
  session.withLedger("change", async ({ ledger }) => {
    const { object, id, externalReference } = await findTarget(ledger, to);
    const { payment, entity, replayed } = await ledger.matchSuspense({
      [object]: id,
      paymentId,
      amount,
      currency,
    });
    const report = {
      paymentId,
      amount: payment.amount,
      currency: payment.currency,
      /** False: it had been matched there before, and nothing changed. */
      matched: !replayed,
      target: { kind: object, id, externalReference },
      violations: payment.violations,
      balance: entity?.balance,
      eventId: payment.eventId,
    };
    session.answer(report, () => {
      const sum = `${amountText(payment.amount, payment.currency)} ${payment.currency}`;
      return replayed
        ? `${paymentId} (${sum}) was matched to the ${object} ${externalReference} before; nothing changed.\n`
        : `${paymentId} (${sum}) was matched to the ${object} ${externalReference}${entity === undefined ? "" : balanceText(entity)}.\n`;
    });
  });

const undo = (
  session: Session,
  paymentId: string,
  { reason, of, actor, dryRun = false }: UndoOptions,
): Promise<void> =>
  session.withLedger("change", async ({ ledger }) => {
    const found = of === undefined ? undefined : await findTarget(ledger, of);
    const target = found === undefined ? {} : { [found.object]: found.id };
    const { payment, events, replayed } = await ledger.undoMatch(
      { ...target, paymentId, reason },
      { actor, dryRun },
    );
    const [event] = events.filter(({ type }) => type === "payment.match_undone");
    const from = event?.type === "payment.match_undone" ? event.data.matchedTo : undefined;
    const { amount, currency, eventId } = payment;
    const owner = from === undefined ? undefined : await findTarget(ledger, from.id);
    const report = {
      paymentId,
      amount,
      currency,
      /** False: it was undone before, or this is a dry run, and nothing changed. */
      undone: !replayed && !dryRun,
      from: owner && {
        kind: owner.object,
        id: owner.id,
        externalReference: owner.externalReference,
      },
      balance: dryRun ? undefined : owner?.balance,
      reason: payment.reason,
      eventId,
    };
    session.answer(report, () => {
      const sum = `${paymentId} (${amountText(amount, currency)} ${currency})`;
      if (owner === undefined) return `${sum} lay in suspense again before; nothing changed.\n`;
      const after = dryRun ? "; a dry run, nothing was written" : balanceText(owner);
      return `${sum} lies in suspense again, and no more on the ${owner.object} ${owner.externalReference}${after}.\n`;
    });
  });

export const addSuspense = (program: Command, session: Session): void => {
  const suspense = addReportOptions(addManual(program.command("suspense"), manual))
    .summary("list money that fits nothing yet, match it, or undo that")
    .description("List money that has arrived and fits nothing yet, with the reason.")
    .action((options: ReportOptions) => list(session, options));
  addManual(suspense.command("match"), matchManual)
    .summary("put a payment where it belongs")
    .description("Put a payment out of suspense to where it belongs.")
    .argument("<payment>", "the payment's id, pay_…")
    .requiredOption("--to <ref>", "customer, account or bill, by id or external reference")
    .option(
      "--amount <minor>",
      "which sum, where several of the payment lie there; in minor units",
      minorUnits,
    )
    .option("--currency <code>", "its currency")
    .action((paymentId: string, options: MatchOptions) => match(session, paymentId, options));
  addManual(suspense.command("undo"), undoManual)
    .summary("put a payment that was matched back into suspense")
    .description("Undo a match: the payment lies in suspense again.")
    .argument("<payment>", "the payment's id, pay_…")
    .requiredOption("--reason <text>", "why; it is kept")
    .option("--of <ref>", "to whom it was matched, where that were several")
    .option("--actor <name>", "who says so")
    .option("--dry-run", "say what would happen, and write nothing")
    .action((paymentId: string, options: UndoOptions) => undo(session, paymentId, options));
};
