/**
 * What the sender is told. Success is a small JSON object; everything else is a problem document
 * (RFC 9457) whose `reason` is stable and whose `detail` is prose. Neither holds a secret.
 */
import { type ErrorCode, errorCatalogue, isLedgerError } from "@tallystick/core";
import { RawBodyUnavailable } from "./raw-body.ts";
import type { Received } from "./receive.ts";

const titles: Readonly<Record<number, string>> = {
  401: "Webhook not verified",
  405: "Method not allowed",
  413: "Webhook too large",
  422: "Webhook not processable",
  500: "Internal error",
  503: "Temporarily unavailable",
};

const problem = (
  status: number,
  reason: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response =>
  new Response(
    JSON.stringify({ type: "about:blank", title: titles[status], status, detail, reason }),
    { status, headers: { "content-type": "application/problem+json", ...headers } },
  );

export const methodNotAllowed = (method: string): Response =>
  problem(405, "method_not_allowed", `a webhook is delivered by POST, not ${method}`, {
    allow: "POST",
  });

/** Any answer that asks for another try: 503 where the same call may succeed later, 500 otherwise. */
export const failed = (error: unknown): Response => {
  if (error instanceof RawBodyUnavailable)
    return problem(500, "raw_body_unavailable", error.message);
  const known = isLedgerError(error) && errorCatalogue[error.code as ErrorCode]?.kind === "failure";
  return known
    ? problem(503, "store_unavailable", "the delivery could not be recorded; send it again")
    : problem(500, "internal_error", "the delivery was not acknowledged; send it again");
};

export const answered = ({ outcome, status, reason, detail }: Received): Response =>
  status >= 400
    ? problem(status, reason ?? outcome, detail ?? outcome)
    : new Response(JSON.stringify({ outcome, ...(reason === undefined ? {} : { reason }) }), {
        status,
        headers: { "content-type": "application/json" },
      });
