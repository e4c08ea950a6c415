/** `tallystick payment record` and `payment reverse`: what a reconciliation left open, settled by hand. */
import { type Entity, instantOfMs, invariant, parseInstant } from "@tallystick/core";
import { amountText } from "@tallystick/reports";
import type { Command } from "commander";
import { usage } from "../cli-error.ts";
import { requireCurrency } from "../currency-option.ts";
import { findTarget } from "../find-target.ts";
import { addManual, type Manual } from "../manual.ts";
import { minorUnits } from "../minor-units.ts";
import type { Session } from "../session.ts";

const manual: Manual = {
  about: `
What a reconciliation finds open is settled by an event on the ledger, never by
the report. Money out of suspense: see tallystick suspense match. A row and a
payment that are the same, for less or for more: see tallystick match accept.`,
  examples: `$ tallystick payment record pay_… --to BILL-100080-2-3 --amount 43451 \\
    --currency ZAR --effective 2026-03-01T02:00:39Z --store file:book.jsonl
$ tallystick payment reverse pay_… --reason "never arrived" \\
    --store file:book.jsonl`,
  seeAlso: ["reconcile", "suspense", "match"],
};

const recordManual: Manual = {
  about: `
For a payment that somebody else knows and the ledger does not. It is recorded
as having happened: rules that it breaks are told, and one that does not fit
goes to suspense. The same payment again changes nothing. payment reverse takes
it back.`,
  json: {
    "payment_id, amount, currency": "the payment, in minor units",
    recorded: "false where it was recorded before, and in a dry run",
    status: "applied or suspended; with the reason where it went to suspense",
    "violations[]": "rules of the obligation that it broke",
    target: "where it was to go: kind, id, external_reference",
    balance: "what is owed there after it",
    event_id: "the event that says so",
  },
  errors: ["NOT_FOUND", "PAYMENT_CONFLICT", "AMOUNT_OUT_OF_RANGE"],
  examples: `$ tallystick payment record pay_… --to CUST-100000 --amount 1250 \\
    --currency ZAR --effective 2026-03-01T02:00:39Z --store file:book.jsonl`,
  seeAlso: ["reconcile", "suspense"],
};

const reverseManual: Manual = {
  about: `
For a payment that the ledger holds and that did not happen, or was sent back:
all that is left of it, or a part. One that was matched to the wrong obligation
did happen: see tallystick suspense undo. Where it was applied to several
obligations, --of says to which. A part that is taken back twice is gone twice:
name a --key to be able to repeat the command.`,
  json: {
    "payment_id, amount, currency": "what was taken back, in minor units",
    reversed: "false where it was before under the same key, and in a dry run",
    target: "where it had been applied: kind, id, external_reference",
    balance: "what is owed there after it",
    event_id: "the event that says so",
  },
  errors: [
    "PAYMENT_NOT_FOUND",
    "NOTHING_TO_REVERSE",
    "REVERSAL_EXCEEDS_APPLICATION",
    "TARGET_REQUIRED",
    "IDEMPOTENCY_KEY_REUSED",
  ],
  examples: `$ tallystick payment reverse pay_… --amount 1 --reason "a cent too much" \\
    --store file:book.jsonl`,
  seeAlso: ["reconcile", "history"],
};

interface RecordOptions {
  readonly to: string;
  readonly amount: number;
  readonly currency: string;
  readonly effective: string;
  readonly actor?: string;
  readonly dryRun?: true;
}

interface ReverseOptions {
  readonly of?: string;
  readonly amount?: number;
  readonly reason: string;
  readonly key?: string;
  readonly actor?: string;
  readonly dryRun?: true;
}

const instantOf = (text: string, nowMs: number): string => {
  const instant = parseInstant(text);
  if (instant === undefined)
    throw usage(`--effective ${text} is no instant; write one such as 2026-03-01T02:00:39Z`);
  if (instant > instantOfMs(nowMs)) throw usage(`--effective ${text} lies in the future`);
  return instant;
};

const targetOf = ({ object, id, externalReference }: Entity) => ({
  kind: object,
  id,
  externalReference,
});

const record = (session: Session, paymentId: string, options: RecordOptions): Promise<void> => {
  const { amount, actor, dryRun = false } = options;
  const currency = requireCurrency(options.currency);
  const effectiveAt = instantOf(options.effective, session.io.host.now());
  return session.withLedger("change", async ({ ledger }) => {
    const found = await findTarget(ledger, options.to);
    const { payment, entity, replayed } = await ledger.recordPayment(
      { [found.object]: found.id, paymentId, amount, currency },
      { effectiveAt, actor, dryRun },
    );
    const { status, reason, violations, eventId } = payment;
    const target = targetOf(found);
    const recorded = !replayed && !dryRun;
    const balance = entity?.balance;
    session.answer(
      {
        paymentId,
        amount,
        currency,
        recorded,
        status,
        reason,
        violations,
        target,
        balance,
        eventId,
      },
      () => {
        const sum = `${paymentId} (${amountText(amount, currency)} ${currency})`;
        if (replayed) return `${sum} was recorded before; nothing changed.\n`;
        const where =
          status === "suspended"
            ? `went to suspense: ${reason ?? ""}`
            : `was applied to the ${found.object} ${found.externalReference}`;
        return `${sum} ${where}${dryRun ? "; a dry run, nothing was written" : ""}.\n`;
      },
    );
  });
};

const reverse = (session: Session, paymentId: string, options: ReverseOptions): Promise<void> => {
  const { amount, reason, actor, dryRun = false } = options;
  return session.withLedger("change", async ({ ledger }) => {
    const found = options.of === undefined ? undefined : await findTarget(ledger, options.of);
    const of = found === undefined ? {} : { [found.object]: found.id };
    const { entity, events, replayed } = await ledger.reversePayment(
      { ...of, paymentId, amount, reason },
      { actor, dryRun, idempotencyKey: options.key },
    );
    const [event] = events.filter(({ type }) => type === "obligation.application_reversed");
    invariant(event?.type === "obligation.application_reversed", "a reversal writes a reversal");
    const { data, id: eventId } = event;
    const { balance } = entity;
    const target = targetOf(entity);
    const reversed = !dryRun && !replayed;
    session.answer(
      {
        paymentId,
        amount: data.amount,
        currency: data.currency,
        reversed,
        target,
        balance,
        eventId,
      },
      () => {
        const sum = `${amountText(data.amount, data.currency)} ${data.currency} of ${paymentId}`;
        const whose = `on the ${target.kind} ${target.externalReference}`;
        if (replayed) return `${sum} was taken back ${whose} before; nothing changed.\n`;
        return `${sum} was taken back ${whose}${dryRun ? "; a dry run, nothing was written" : ""}.\n`;
      },
    );
  });
};

export const addPayment = (program: Command, session: Session): void => {
  const payment = addManual(program.command("payment"), manual)
    .summary("record a payment by hand, or take one back")
    .description("Record a payment that has happened, or take one back.");
  addManual(payment.command("record"), recordManual)
    .summary("record a payment that somebody else knows")
    .description("Record a payment that has happened and that the ledger does not know.")
    .argument("<payment>", "the payment's id, pay_…")
    .requiredOption("--to <ref>", "customer, account or bill, by id or external reference")
    .requiredOption("--amount <minor>", "in minor units", minorUnits)
    .requiredOption("--currency <code>", "its currency")
    .requiredOption("--effective <instant>", "when the money moved")
    .option("--actor <name>", "who says so")
    .option("--dry-run", "say what would happen, and write nothing")
    .action((paymentId: string, options: RecordOptions) => record(session, paymentId, options));
  addManual(payment.command("reverse"), reverseManual)
    .summary("take a payment back, or a part of it")
    .description("Take back a payment that did not happen or was sent back, or a part of it.")
    .argument("<payment>", "the payment's id, pay_…")
    .requiredOption("--reason <text>", "why; it is kept")
    .option("--of <ref>", "to whom it was applied, where that were several")
    .option("--amount <minor>", "in minor units (default: all that is left)", minorUnits)
    .option("--key <text>", "the same key takes effect once, however often it is used")
    .option("--actor <name>", "who says so")
    .option("--dry-run", "say what would happen, and write nothing")
    .action((paymentId: string, options: ReverseOptions) => reverse(session, paymentId, options));
};
