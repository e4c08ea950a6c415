/**
 * The chart of accounts as plain-text accounting programs name it. Each obligation has an account of
 * its own below the receivables; its id is part of the name.
 */
import type { CurrencyCode } from "@tallystick/core";
import { accountClasses, type Posting } from "../accounts/postings.ts";
import { amountText } from "../render/amount-text.ts";

const roots = {
  asset: "assets",
  liability: "liabilities",
  equity: "equity",
  income: "income",
  expense: "expenses",
} as const;

const idOf = (streamId: string): string => streamId.slice(streamId.indexOf("/") + 1);

/** `assets:receivable:bill_1a2B`, `liabilities:suspense`. */
export const hledgerAccount = ({
  account,
  obligation,
}: Pick<Posting, "account" | "obligation">): string => {
  const name = `${roots[accountClasses[account]]}:${account.replaceAll("_", "-")}`;
  return obligation === undefined ? name : `${name}:${idOf(obligation)}`;
};

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** `Assets:Receivable:Bill-1a2B`: components begin with a capital there, and have no underscore. */
export const beancountAccount = (posting: Pick<Posting, "account" | "obligation">): string =>
  hledgerAccount(posting)
    .split(":")
    .map((part) => capital(part.replace("_", "-")))
    .join(":");

/** `12.50 ZAR`. */
export const amountWithCurrency = (amount: number | bigint, currency: CurrencyCode): string =>
  `${amountText(amount, currency)} ${currency}`;
