/**
 * What money is for: a customer, an account or a bill, and the streams that their events live on.
 * An obligation (a customer's balance, an account's balance, a bill) lives on its owner's stream.
 */
import { invariant } from "../kernel/invariant.ts";

export const entityKinds = ["customer", "account", "bill"] as const;
export type EntityKind = (typeof entityKinds)[number];
export type StreamKind = EntityKind | "suspense" | "acceptance";

/** `customer/bcus_…`, `account/bacc_…`, `bill/bill_…`, `suspense/pay_…`, `acceptance/row_…`. */
export type StreamId = string;

export const obligationKinds = ["customer_balance", "account_balance", "bill"] as const;
export type ObligationKind = (typeof obligationKinds)[number];

export const obligationKindOf = (kind: EntityKind): ObligationKind =>
  kind === "bill" ? "bill" : `${kind}_balance`;

export const isEntityKind = (kind: StreamKind): kind is EntityKind =>
  kind !== "suspense" && kind !== "acceptance";

export const streamIdOf = (kind: StreamKind, id: string): StreamId => `${kind}/${id}`;

export const parseStreamId = (
  streamId: StreamId,
): { readonly kind: StreamKind; readonly id: string } => {
  const slash = streamId.indexOf("/");
  const kind = streamId.slice(0, slash);
  invariant(
    kind === "customer" ||
      kind === "account" ||
      kind === "bill" ||
      kind === "suspense" ||
      kind === "acceptance",
    () => `${streamId} is not the name of a stream`,
  );
  return { kind, id: streamId.slice(slash + 1) };
};
