/**
 * What goes wrong, as problem documents (RFC 9457, spec 2.4). The only place where a status stands
 * beside a code.
 */
import { type ErrorCode, type Fault, isLedgerError, toSnakePath } from "@tallystick/core";

/** Codes of the wire (D-09), each with its status and title. */
export const problemCodes = {
  invalid_request: { status: 400, title: "Invalid request" },
  unauthorized: { status: 401, title: "Unauthorized" },
  forbidden: { status: 403, title: "Forbidden" },
  not_found: { status: 404, title: "Resource not found" },
  payment_not_found: { status: 404, title: "Payment not found" },
  method_not_allowed: { status: 405, title: "Method not allowed" },
  request_timeout: { status: 408, title: "Request timeout" },
  conflict: { status: 409, title: "Conflict" },
  payload_too_large: { status: 413, title: "Payload too large" },
  unsupported_media_type: { status: 415, title: "Unsupported media type" },
  unprocessable: { status: 422, title: "Request cannot be processed" },
  rate_limited: { status: 429, title: "Too many requests" },
  headers_too_large: { status: 431, title: "Headers too large" },
  internal_error: { status: 500, title: "Internal error" },
  bad_gateway: { status: 502, title: "Bad gateway" },
  service_unavailable: { status: 503, title: "Service unavailable" },
  gateway_timeout: { status: 504, title: "Gateway timeout" },
} as const;

export type ProblemCode = keyof typeof problemCodes;

interface ProblemOptions {
  /** Every fault of the request (D-11). */
  readonly errors?: readonly Fault[];
  /** The ledger's own code in small letters, finer than `code`. */
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** Thrown where a request ends; answered as a problem document. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly errors: readonly Fault[] | undefined;
  readonly reason: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.errors = options.errors;
    this.reason = options.reason;
    this.headers = options.headers ?? {};
  }

  get status(): number {
    return problemCodes[this.code].status;
  }

  /** The document; `instance` is the path of the request. */
  document(instance: string): Readonly<Record<string, unknown>> {
    const { title } = problemCodes[this.code];
    return {
      type: `https://api.momentco.io/docs/errors#${this.code.replaceAll("_", "-")}`,
      title,
      status: this.status,
      detail: this.message,
      instance,
      code: this.code,
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      ...(this.errors === undefined ? {} : { errors: this.errors }),
    };
  }
}

/** 400 with every fault. */
export const invalid = (errors: readonly Fault[]): Problem => {
  const told = errors
    .slice(0, 3)
    .map(({ field, message }) => (field === "" ? `the body ${message}` : `${field} ${message}`))
    .join("; ");
  const more = errors.length > 3 ? `; and ${errors.length - 3} more` : "";
  return new Problem("invalid_request", `${told}${more}`, { errors });
};

/** What the ledger refuses with; what its client of the real API meets does not occur here. */
type LedgerCode = Exclude<ErrorCode, `MOMENT_${string}`>;

const codes: Readonly<Record<LedgerCode, ProblemCode>> = {
  INVALID_INPUT: "invalid_request",
  METADATA_LIMIT: "invalid_request",
  // A balance without any known currency (MON-09).
  CURRENCY_REQUIRED: "invalid_request",
  TARGET_REQUIRED: "invalid_request",
  AMOUNT_OUT_OF_RANGE: "unprocessable",
  NOT_FOUND: "not_found",
  ROW_NOT_ACCEPTED: "not_found",
  PAYMENT_NOT_FOUND: "payment_not_found",
  REFERENCE_TAKEN: "conflict",
  ID_TAKEN: "conflict",
  PAYMENT_CONFLICT: "conflict",
  BILL_VOIDED: "conflict",
  BILL_PAID: "conflict",
  NOTHING_TO_REVERSE: "conflict",
  MATCH_STANDS: "conflict",
  OWNER_MISMATCH: "unprocessable",
  IDEMPOTENCY_KEY_REUSED: "unprocessable",
  NOT_PAYABLE: "unprocessable",
  CURRENCY_MISMATCH: "unprocessable",
  AMOUNT_ABOVE_MAXIMUM: "unprocessable",
  AMOUNT_BELOW_MINIMUM: "unprocessable",
  UNDERPAYMENT_NOT_ALLOWED: "unprocessable",
  OVERPAYMENT_NOT_ALLOWED: "unprocessable",
  AMOUNT_PAID_ABOVE_DUE: "unprocessable",
  BALANCE_NOT_TRACKED: "unprocessable",
  NOT_ADJUSTABLE: "unprocessable",
  DIFFERENCE_UNEXPLAINED: "unprocessable",
  NO_DIFFERENCE: "unprocessable",
  REVERSAL_EXCEEDS_APPLICATION: "unprocessable",
  REVISION_CONFLICT: "service_unavailable",
  CLAIM_TAKEN: "service_unavailable",
  OUTCOME_EXISTS: "service_unavailable",
  CONTENTION: "service_unavailable",
  STORE_CLOSED: "service_unavailable",
  STORE_LOCKED: "service_unavailable",
  STORE_FULL: "service_unavailable",
  STORE_UNAVAILABLE: "service_unavailable",
  COMMIT_UNCERTAIN: "service_unavailable",
  STORE_UNWRITABLE: "internal_error",
  STORE_UNREADABLE: "internal_error",
  STORE_UNSUPPORTED: "internal_error",
  STORE_IO: "internal_error",
  BOOK_NOT_FOUND: "internal_error",
  BOOK_MISMATCH: "internal_error",
  BOOK_CORRUPT: "internal_error",
  UNKNOWN_EVENT_TYPE: "internal_error",
  UNKNOWN_SCHEMA_VERSION: "internal_error",
};

const fieldsOfCodes: Partial<Record<ErrorCode, Fault>> = {
  CURRENCY_REQUIRED: { field: "currency", message: "is required with a first balance" },
};

const failed = {
  internal_error: "Something went wrong here. Repeat the request with its idempotency key.",
  service_unavailable: "This cannot be served now. Repeat the request with its idempotency key.",
};

/** What was thrown, as the caller is told of it. What is not meant for callers stays behind as `cause`. */
export const problemOf = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (!isLedgerError(error))
    return new Problem("internal_error", failed.internal_error, { cause: error });
  const code = codes[error.code as LedgerCode] ?? "internal_error";
  if (code === "internal_error" || code === "service_unavailable")
    return new Problem(code, failed[code], {
      cause: error,
      ...(code === "service_unavailable" ? { headers: { "retry-after": "1" } } : {}),
    });
  const faults = error.detail["faults"] as readonly Fault[] | undefined;
  const field = fieldsOfCodes[error.code];
  const errors =
    faults?.map((fault) => ({ ...fault, field: toSnakePath(fault.field) })) ??
    (field === undefined ? undefined : [field]);
  if (error.code === "INVALID_INPUT" && errors !== undefined) return invalid(errors);
  return new Problem(code, error.message, {
    reason: error.code.toLowerCase(),
    ...(errors === undefined ? {} : { errors }),
  });
};
