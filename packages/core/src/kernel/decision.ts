/**
 * A decision is what a rule answers: events to record, or a refusal. A refusal is a value, so a
 * caller has to open the decision to reach the events and cannot miss it.
 */
import { type ErrorCode, LedgerError } from "./errors.ts";

/** Why the business says no: a stable code, a sentence for a person, and the facts behind it. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export type Decision<Accepted> =
  | { readonly ok: true; readonly value: Accepted }
  | { readonly ok: false; readonly refusal: Refusal };

export const accept = <Accepted>(value: Accepted): Decision<Accepted> => ({ ok: true, value });

export const refuse = (
  code: ErrorCode,
  message: string,
  detail: Readonly<Record<string, unknown>> = {},
): { readonly ok: false; readonly refusal: Refusal } => ({
  ok: false,
  refusal: { code, message, detail },
});

/** The refusal as the error that the façade throws. */
export const refusalError = ({ code, message, detail }: Refusal): LedgerError =>
  new LedgerError(code, message, { detail });
