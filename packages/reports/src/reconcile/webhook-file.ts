/**
 * A file of received webhooks as rows: JSON Lines of deliveries, or of their bodies. One event is one
 * row, however often it was delivered; events of other types are passed over. Signatures are not
 * looked at here.
 */
import { z } from "zod";
import { readCurrency, readTime } from "./read-values.ts";
import type { ExternalRow } from "./sides.ts";
import { UnreadableRow } from "./unreadable-row.ts";

const eventSchema = z.object({
  id: z.string(),
  type: z.string(),
  data: z.looseObject({}),
});

const appliedSchema = z.object({
  payment_id: z.string().min(1),
  amount: z.int().min(1),
  currency: z.string(),
  updated_at: z.string(),
  customer_id: z.string().optional(),
  account_id: z.string().optional(),
  bill_id: z.string().optional(),
});

export interface JsonLineText {
  readonly line: number;
  readonly text: string;
}

const parsed = (text: string, line: number, column: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UnreadableRow(line, column, "is no JSON");
  }
};

const bodyOf = ({ line, text }: JsonLineText): unknown => {
  const delivery = parsed(text, line, "the line");
  if (typeof delivery !== "object" || delivery === null || !("body" in delivery)) return delivery;
  const { body } = delivery;
  return typeof body === "string" ? parsed(body, line, "body") : body;
};

const firstIssue = (error: z.ZodError): readonly [column: string, reason: string] => {
  const [issue] = error.issues;
  const column = issue?.path.map(String).join(".") ?? "";
  if (issue?.input === undefined) return [column, "is missing"];
  return [column, `cannot be read: ${issue.message}`];
};

export async function* webhookFileRows(
  lines: AsyncIterable<JsonLineText>,
  { file, timeZone }: { readonly file: number; readonly timeZone: string },
): AsyncGenerator<ExternalRow, void, undefined> {
  const delivered = new Set<string>();
  for await (const each of lines) {
    const { line } = each;
    const event = eventSchema.safeParse(bodyOf(each), { reportInput: true });
    if (!event.success) throw new UnreadableRow(line, ...firstIssue(event.error));
    const { id, type, data } = event.data;
    if (type !== "obligation.amount_applied" || delivered.has(id)) continue;
    delivered.add(id);
    const applied = appliedSchema.safeParse(data, { reportInput: true });
    if (!applied.success) throw new UnreadableRow(line, ...firstIssue(applied.error));
    const { payment_id: paymentId, amount, currency, updated_at, ...of } = applied.data;
    const reference = of.bill_id ?? of.account_id ?? of.customer_id;
    yield {
      file,
      line,
      kind: "payment",
      paymentId,
      ...(reference === undefined ? {} : { reference }),
      ...readTime(updated_at, timeZone, { line, column: "updated_at" }),
      currency: readCurrency(currency, { line, column: "currency" }),
      amount,
    };
  }
}
