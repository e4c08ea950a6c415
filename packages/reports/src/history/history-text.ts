/** A history for people: one line an event, with what is owed after it. */
import { clockTime } from "@tallystick/core";
import type { AsOfPair } from "../as-of/as-of.ts";
import { amountText, signedAmountText } from "../render/amount-text.ts";
import { type Column, textTable } from "../render/text-table.ts";
import type { HistoryLine } from "./history-line.ts";

const columns: readonly Column[] = [
  { title: "EFFECTIVE AT" },
  { title: "EVENT" },
  { title: "CURRENCY" },
  { title: "AMOUNT", align: "right" },
  { title: "BALANCE", align: "right" },
  { title: "" },
  { title: "NOTE" },
];

const cells = (
  { effectiveAt, type, currency, amount, balanceAfter, note }: HistoryLine,
  timeZone: string,
): string[] => [
  clockTime(effectiveAt, timeZone),
  type,
  currency ?? "",
  currency === undefined || amount === undefined ? "" : amountText(amount, currency),
  ...(currency === undefined || balanceAfter === undefined
    ? ["", ""]
    : signedAmountText(balanceAfter, currency)),
  note,
];

export const historyText = (
  lines: readonly HistoryLine[],
  { timeZone }: AsOfPair,
  bold?: (title: string) => string,
): string =>
  textTable(
    columns,
    lines.map((line) => cells(line, timeZone)),
    bold,
  );
