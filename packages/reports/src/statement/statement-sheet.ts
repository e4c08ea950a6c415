/** A statement for the customer whom it is about. */
import { clockTime } from "@tallystick/core";
import type { AsOfPair } from "../as-of/as-of.ts";
import { amountCell, type Cell, type Sheet, type SheetColumn } from "../render/sheet.ts";
import type { CurrencyStatement, Statement } from "./statement.ts";

const columns: readonly SheetColumn[] = [
  { key: "currency", title: "Currency" },
  { key: "effective_at", title: "When" },
  { key: "event", title: "What" },
  { key: "reference", title: "For" },
  { key: "amount", title: "Amount", align: "right" },
  { key: "effect", title: "Change", align: "right" },
  { key: "balance", title: "Balance", align: "right" },
  { key: "note", title: "Note" },
];

const words: Readonly<Record<string, string>> = {
  "obligation.balance_asserted": "balance set",
  "obligation.amount_charged": "charge",
  "obligation.amount_credited": "credit",
  "obligation.amount_applied": "payment",
  "obligation.application_reversed": "payment taken back",
  "obligation.application_undone": "payment taken back",
  "obligation.application_restored": "payment",
  "bill.voided": "bill voided",
};

const openedWords = {
  bill: "bill",
  account: "first balance",
  customer: "first balance",
} as const;

const rows = (
  { currency, opening, lines, closing }: CurrencyStatement,
  timeZone: string,
): Cell[][] => {
  const edge = (what: string, balance: number): Cell[] => [
    currency,
    undefined,
    what,
    undefined,
    undefined,
    undefined,
    amountCell(balance, currency),
    undefined,
  ];
  return [
    edge("opening balance", opening),
    ...lines.map(
      ({ effectiveAt, type, kind, externalReference, amount, effect, balance, note }) => [
        currency,
        clockTime(effectiveAt, timeZone),
        type === "obligation.opened" ? openedWords[kind] : (words[type] ?? type),
        externalReference,
        amountCell(amount, currency),
        amountCell(effect, currency),
        amountCell(balance, currency),
        note,
      ],
    ),
    edge("closing balance", closing),
  ];
};

export const statementSheet = (
  { customer, from, to, data }: Statement,
  { timeZone }: AsOfPair,
): Sheet => ({
  title: `Statement for ${customer.externalReference}`,
  facts: [
    ["Customer", customer.id],
    ["From", from ?? "the beginning"],
    ["To", to ?? "the end"],
    ["Days end in", timeZone],
  ],
  tables: [
    {
      columns,
      rows: data.flatMap((each) => rows(each, timeZone)),
      empty: "Nothing was ever owed or paid.",
    },
  ],
});
