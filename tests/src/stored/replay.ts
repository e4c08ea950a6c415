/** Calls as data, sent to a ledger; and what a book says once they are done, in a form for keeping. */
import { isLedgerError, type Ledger } from "@tallystick/core";
import type { Call } from "./scenarios.ts";

/** What a call came to: `written`, `replayed`, or the code of its refusal. */
export const answerTo = async (ledger: Ledger, [verb, ...args]: Call): Promise<string> => {
  const send = ledger[verb] as (
    ...input: readonly unknown[]
  ) => Promise<{ readonly replayed: boolean }>;
  try {
    return (await send(...args)).replayed ? "replayed" : "written";
  } catch (error) {
    if (isLedgerError(error)) return error.code;
    throw error;
  }
};

/** The sums of an entity, by its id. A member without a value is left out. */
interface Figures {
  readonly externalReference: string;
  readonly currency?: string;
  readonly balance?: number;
  readonly amountPaid?: number;
  readonly status?: string;
  readonly otherBalances?: readonly { readonly currency: string; readonly balance: number }[];
}

export interface Figured {
  readonly entities: Readonly<Record<string, Figures>>;
  /** `payment amount currency reason kind/name`, in the order of suspense. */
  readonly suspense: readonly string[];
}

const figures = ({
  externalReference,
  currency,
  balance,
  amountPaid,
  status,
  otherBalances,
}: Figures): Figures =>
  JSON.parse(
    JSON.stringify({ externalReference, currency, balance, amountPaid, status, otherBalances }),
  ) as Figures;

/** What a book comes to. Books under test are small: each list is one page. */
export const figuresOf = async (ledger: Ledger): Promise<Figured> => {
  const limit = 500;
  const entities = [
    ...(await ledger.listCustomers({ limit })).data,
    ...(await ledger.listAccounts({ limit })).data,
    ...(await ledger.listBills({ limit })).data,
  ];
  const { data: suspended } = await ledger.listSuspense({ limit });
  return {
    entities: Object.fromEntries(entities.map((entity) => [entity.id, figures(entity)])),
    suspense: suspended.map(
      ({ paymentId, amount, currency, reason, target: { kind, name } }) =>
        `${paymentId} ${amount} ${currency} ${reason} ${kind}/${name}`,
    ),
  };
};
