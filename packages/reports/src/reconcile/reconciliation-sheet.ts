/** A reconciliation for people: what is open first, then the control equations, then what was matched with doubt. */
import type { AsOfPair } from "../as-of/as-of.ts";
import { amountText } from "../render/amount-text.ts";
import {
  amountCell,
  type Cell,
  type Sheet,
  type SheetColumn,
  type SheetTable,
} from "../render/sheet.ts";
import type { Control } from "./control.ts";
import type {
  Difference,
  ItemTold,
  Matched,
  NearCandidate,
  Reconciliation,
  RowTold,
} from "./reconciliation.ts";

const columns: readonly SheetColumn[] = [
  { key: "outcome", title: "Outcome" },
  { key: "payment_id", title: "Payment" },
  { key: "kind", title: "Kind", csvOnly: true },
  { key: "external_date", title: "Their day" },
  { key: "ledger_date", title: "Our day" },
  { key: "currency", title: "Currency" },
  { key: "external_amount", title: "Theirs", align: "right" },
  { key: "ledger_amount", title: "Ours", align: "right" },
  { key: "difference", title: "Apart", align: "right" },
  { key: "file", title: "File", csvOnly: true },
  { key: "line", title: "Line", align: "right" },
  { key: "position", title: "Position", align: "right" },
  { key: "reason", title: "Why" },
  { key: "nearest", title: "Nearest" },
  { key: "row", title: "Row", csvOnly: true },
];

/** The columns of a table; people are told the kinds where there is a refund. */
const columnsOf = (rows: readonly (readonly Cell[])[]): readonly SheetColumn[] => {
  const at = columns.findIndex(({ key }) => key === "kind");
  return rows.some((row) => row[at] === "refund")
    ? columns.with(at, { key: "kind", title: "Kind" })
    : columns;
};

const sum = (members: readonly { readonly amount: number }[]): number =>
  members.reduce((total, { amount }) => total + amount, 0);

const joined = (values: readonly (string | number)[]): Cell =>
  values.length === 0 ? undefined : [...new Set(values)].join(" ");

interface Told {
  readonly outcome: string;
  readonly paymentId?: string | undefined;
  readonly external?: readonly RowTold[];
  readonly ledger?: readonly ItemTold[];
  readonly difference?: number | undefined;
  readonly reason: string;
  readonly candidates?: readonly NearCandidate[];
}

const nearest = (candidates: readonly NearCandidate[], currency: string): Cell => {
  const [first] = candidates;
  if (first === undefined) return undefined;
  const { paymentId, line, position, amountApart, daysApart } = first;
  const place = line === undefined ? `position ${position}` : `line ${line}`;
  const which = paymentId === undefined ? place : `${paymentId} (${place})`;
  const days = `${daysApart} ${daysApart === 1 ? "day" : "days"}`;
  return `${which}: ${amountText(amountApart, currency)} and ${days} apart`;
};

const cells = ({
  outcome,
  paymentId,
  external = [],
  ledger = [],
  difference,
  reason,
  candidates = [],
}: Told): Cell[] => {
  const [theirs] = external;
  const [ours] = ledger;
  const currency = theirs?.currency ?? ours?.currency ?? "";
  return [
    outcome,
    paymentId,
    theirs?.kind ?? ours?.kind,
    joined(external.map(({ date }) => date)),
    joined(ledger.map(({ date }) => date)),
    joined([...external, ...ledger].map((each) => each.currency)),
    theirs === undefined ? undefined : amountCell(sum(external), theirs.currency),
    ours === undefined ? undefined : amountCell(sum(ledger), ours.currency),
    difference === undefined ? undefined : amountCell(difference, currency),
    joined(external.map(({ file }) => file)),
    joined(external.map(({ line }) => line)),
    joined(ledger.map(({ position }) => position)),
    reason,
    nearest(candidates, currency),
    joined(external.map(({ row }) => row)),
  ];
};

const ruleText = ({ rule, external, ledger }: Matched): string =>
  external.length + ledger.length === 2
    ? `matched by ${rule}`
    : `matched by ${rule}: ${external.length} of theirs, ${ledger.length} of ours`;

const differs = (difference: Difference): Cell[] =>
  cells({ outcome: "difference", ...difference, reason: ruleText(difference) });

const openDifferences = ({ matchedWithDifference }: Reconciliation): readonly Difference[] =>
  matchedWithDifference.filter(({ accepted }) => accepted === undefined);

const bookedText = ({ accepted }: Matched): string => {
  const cause = accepted?.difference?.cause;
  return `${cause === undefined ? "accepted" : `booked as ${cause}`}: ${accepted?.reason ?? ""}`;
};

const breaks = (report: Reconciliation): Cell[][] => [
  ...openDifferences(report).map(differs),
  ...report.onlyExternal.map((each) =>
    cells({ outcome: "only external", ...each, external: [each.external] }),
  ),
  ...report.onlyLedger.map((each) =>
    cells({ outcome: "only ledger", ...each, ledger: [each.ledger] }),
  ),
  ...report.duplicate.map((each) =>
    cells({
      ...each,
      outcome: "duplicate",
      external: [each.external],
      reason:
        each.reason === "same_amount"
          ? "another row said this payment and amount"
          : "another row said this payment",
    }),
  ),
];

const controlTable = (control: readonly Control[]): SheetTable => ({
  title: "Control",
  columns: [
    { key: "currency", title: "Currency" },
    { key: "side", title: "Side" },
    { key: "total", title: "Total", align: "right" },
    { key: "matched", title: "= matched", align: "right" },
    { key: "differing", title: "+ differing", align: "right" },
    { key: "only_here", title: "+ only here", align: "right" },
    { key: "duplicate", title: "+ duplicate", align: "right" },
    { key: "holds", title: "Holds" },
  ],
  rows: control.flatMap((each): Cell[][] => {
    const { currency, holds } = each;
    const money = (amount: bigint): Cell => amountCell(amount, currency);
    return [
      [
        currency,
        "theirs",
        ...[each.externalTotal, each.matched, each.differingExternal].map(money),
        ...[each.onlyExternal, each.duplicate].map(money),
        holds ? "yes" : "NO",
      ],
      [
        currency,
        "ours",
        ...[each.ledgerTotal, each.matched, each.differingLedger, each.onlyLedger].map(money),
        undefined,
        holds ? "yes" : "NO",
      ],
    ];
  }),
  empty: "There is nothing on either side.",
});

export const reconciliationSheet = (report: Reconciliation, { timeZone }: AsOfPair): Sheet => {
  const { matched, onlyExternal, onlyLedger, duplicate } = report;
  const booked = report.matchedWithDifference.filter(({ accepted }) => accepted !== undefined);
  const doubted = report.belowExact.filter(({ accepted }) => accepted === undefined);
  const said = [
    ...booked.map((each) => cells({ outcome: "difference", ...each, reason: bookedText(each) })),
    ...report.belowExact.flatMap((each) =>
      each.accepted === undefined
        ? []
        : [cells({ outcome: "matched", ...each, reason: bookedText(each) })],
    ),
  ];
  const open = breaks(report);
  const weak = doubted.map((each) =>
    cells({ outcome: "matched", ...each, reason: ruleText(each) }),
  );
  const counts = [
    ["matched", matched],
    ...(booked.length === 0 ? [] : ([["difference, booked", booked.length]] as const)),
    ["difference", openDifferences(report).length],
    ["only external", onlyExternal.length],
    ["only ledger", onlyLedger.length],
    ["duplicate", duplicate.length],
  ] as const;
  return {
    title: "Reconciliation",
    facts: [
      ...report.files.map(({ name, from, to }) => [name, `${from} to ${to}`] as const),
      ["Days end in", timeZone],
      ...counts.map(([label, count]) => [label, String(count)] as const),
      ...(report.repeated === 0
        ? []
        : ([["repeated", `${report.repeated} rows that a file before held already`]] as const)),
    ],
    tables: [
      {
        title: "Open",
        columns: columnsOf(open),
        rows: open,
        empty: "Nothing: both sides agree.",
      },
      controlTable(report.control),
      ...(said.length === 0
        ? []
        : [{ title: "Matched because somebody said so", columns: columnsOf(said), rows: said }]),
      ...(doubted.length === 0
        ? []
        : [
            {
              title: "Matched by a rule below the payment id",
              columns: columnsOf(weak),
              rows: weak,
            },
          ]),
      ...(report.suspense.length === 0
        ? []
        : [
            {
              title: "Matched, and came to suspense",
              columns: [
                { key: "payment_id", title: "Payment" },
                { key: "currency", title: "Currency" },
                { key: "amount", title: "Amount", align: "right" as const },
                { key: "reason", title: "Why" },
              ],
              rows: report.suspense.map(({ paymentId, currency, amount, reason }) => [
                paymentId,
                currency,
                amountCell(amount, currency),
                reason,
              ]),
            },
          ]),
    ],
    charts: [
      {
        kind: "shares",
        title: "Match rate",
        parts: counts.map(([label, count]) => ({ label, value: count, text: String(count) })),
      },
    ],
  };
};
