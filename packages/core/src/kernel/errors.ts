/**
 * Every way in which the ledger says no, in one catalogue. A code is a promise that holds within a
 * major version; a message is prose and may improve. Recognise an error by its `code`, not by
 * `instanceof`: two copies of a package make two classes.
 *
 * `docs/errors.md` is written from this file.
 */

/** What a caller may do with the same call after a failure. */
export type Retry =
  /** The same call fails again until something else changes. */
  | "no"
  /** Nothing was written; the same call may succeed later. */
  | "safe"
  /** It is not known whether it was written: repeat it with the same idempotency key or payment id. */
  | "with-key"
  /** It is not known whether it was written, and a repetition may undo what came in between: read first. */
  | "read-first";

interface CodeEntry {
  readonly kind: "input" | "refusal" | "failure";
  readonly retry: Retry;
  readonly means: string;
}

const code = (kind: CodeEntry["kind"], retry: Retry, means: string): CodeEntry => ({
  kind,
  retry,
  means,
});

/** The catalogue: which codes exist, what they mean, and whether the same call may be repeated. */
export const errorCatalogue = {
  // What was handed in cannot be read.
  INVALID_INPUT: code(
    "input",
    "no",
    "One or more fields are missing or malformed; `detail.faults` lists every one by its path.",
  ),
  AMOUNT_OUT_OF_RANGE: code(
    "input",
    "no",
    "A sum would leave ±10^15 minor units; nothing is rounded or clipped, so nothing is written.",
  ),

  // The business says no; nothing is written.
  NOT_FOUND: code("refusal", "no", "No customer, account or bill answers to that id or reference."),
  PAYMENT_NOT_FOUND: code(
    "refusal",
    "no",
    "No application of that payment is known, or none to that target.",
  ),
  REFERENCE_TAKEN: code(
    "refusal",
    "no",
    "Another object of the same kind already has this external reference (D-19).",
  ),
  ID_TAKEN: code("refusal", "no", "An object with the given id already exists."),
  OWNER_MISMATCH: code(
    "refusal",
    "no",
    "The account named does not belong to the customer named (D-24).",
  ),
  IDEMPOTENCY_KEY_REUSED: code(
    "refusal",
    "no",
    "The key was used before with another request; `detail.fields` names what differs (D-06).",
  ),
  PAYMENT_CONFLICT: code(
    "refusal",
    "no",
    "The same payment was reported for the same target with another amount or currency, or lies in suspense (D-51).",
  ),
  BILL_VOIDED: code(
    "refusal",
    "no",
    "The bill is voided: it cannot be paid, updated or voided again (D-10, D-25).",
  ),
  BILL_PAID: code("refusal", "no", "A paid bill cannot be voided (D-25)."),
  NOT_PAYABLE: code(
    "refusal",
    "no",
    "The target has no payment rules, so it cannot be paid (spec 4).",
  ),
  CURRENCY_MISMATCH: code(
    "refusal",
    "no",
    "The currency differs from the one that the target is kept in (D-15, spec 4).",
  ),
  CURRENCY_REQUIRED: code(
    "refusal",
    "no",
    "The target has no currency yet, so one has to be named (D-15).",
  ),
  AMOUNT_ABOVE_MAXIMUM: code("refusal", "no", "The payment is larger than `max_amount` (spec 4)."),
  AMOUNT_BELOW_MINIMUM: code(
    "refusal",
    "no",
    "The payment is smaller than `min_amount` and does not settle exactly (spec 4).",
  ),
  UNDERPAYMENT_NOT_ALLOWED: code(
    "refusal",
    "no",
    "The payment is less than what is owed, and part payments are not accepted (spec 4).",
  ),
  OVERPAYMENT_NOT_ALLOWED: code(
    "refusal",
    "no",
    "The payment is more than what is owed, and excess is not accepted (spec 4).",
  ),
  AMOUNT_PAID_ABOVE_DUE: code(
    "refusal",
    "no",
    "`amount_paid` may exceed `amount_due` only where overpayment is allowed (D-31).",
  ),
  BALANCE_NOT_TRACKED: code(
    "refusal",
    "no",
    "No balance was ever given, so there is nothing to charge or credit; set a balance first.",
  ),
  NOT_ADJUSTABLE: code(
    "refusal",
    "no",
    "A bill's amount due never changes, so it is neither charged nor credited.",
  ),
  NOTHING_TO_REVERSE: code(
    "refusal",
    "no",
    "The application of this payment was already reversed in full.",
  ),
  REVERSAL_EXCEEDS_APPLICATION: code(
    "refusal",
    "no",
    "More would be reversed than is left of the application (D-47).",
  ),
  TARGET_REQUIRED: code(
    "refusal",
    "no",
    "The payment has several applications or several sums in suspense; name the one that is meant.",
  ),
  MATCH_STANDS: code(
    "refusal",
    "no",
    "A row or a movement stands in another accepted match; undo that one first.",
  ),
  DIFFERENCE_UNEXPLAINED: code(
    "refusal",
    "no",
    "The rows and the movements of a match do not come to the same; say what the difference is.",
  ),
  NO_DIFFERENCE: code(
    "refusal",
    "no",
    "The rows and the movements of a match come to the same, so there is nothing to book.",
  ),
  ROW_NOT_ACCEPTED: code("refusal", "no", "No match was ever accepted with that row."),
  METADATA_LIMIT: code(
    "refusal",
    "no",
    "The merged metadata would exceed the limits (D-16); `detail.faults` lists every one by its path.",
  ),

  // The world got in the way.
  REVISION_CONFLICT: code("failure", "safe", "The stream moved on between reading and writing."),
  CLAIM_TAKEN: code(
    "failure",
    "safe",
    "A unique key of the commit is already held by another event.",
  ),
  OUTCOME_EXISTS: code("failure", "safe", "The idempotency key already has an outcome."),
  CONTENTION: code("failure", "safe", "Other writers won every attempt; nothing was written."),
  STORE_CLOSED: code("failure", "no", "The store was closed, or closed itself after an I/O error."),
  STORE_LOCKED: code("failure", "safe", "Another process has the book open for writing."),
  STORE_UNWRITABLE: code(
    "failure",
    "no",
    "The store cannot be opened or written: a missing folder, a read-only place, missing rights.",
  ),
  STORE_UNREADABLE: code(
    "failure",
    "no",
    "The store cannot be opened to be read: missing rights, or a folder where a file is meant.",
  ),
  STORE_UNSUPPORTED: code(
    "failure",
    "no",
    "What the store rests on lacks something: Node, a package or the database; the message names what has it.",
  ),
  STORE_FULL: code(
    "failure",
    "safe",
    "No space is left; what could not be written whole was taken back.",
  ),
  STORE_IO: code(
    "failure",
    "with-key",
    "The operating system reported an I/O error while writing; the handle is closed.",
  ),
  STORE_UNAVAILABLE: code(
    "failure",
    "safe",
    "The database cannot be reached, or gave the command up; nothing was written.",
  ),
  COMMIT_UNCERTAIN: code(
    "failure",
    "with-key",
    "The connection ended before the database had answered: the command may have been written or not.",
  ),
  BOOK_NOT_FOUND: code("failure", "no", "The store holds no book of that name."),
  BOOK_MISMATCH: code(
    "failure",
    "no",
    "The file holds another book, or the commits belong to another chain.",
  ),
  BOOK_CORRUPT: code(
    "failure",
    "no",
    "A stored commit is damaged; `detail` names the first position that cannot be trusted.",
  ),
  UNKNOWN_EVENT_TYPE: code(
    "failure",
    "no",
    "A stored event has a type that this version does not know.",
  ),
  UNKNOWN_SCHEMA_VERSION: code(
    "failure",
    "no",
    "A stored event or file was written by a later version; update Tallystick.",
  ),

  // The Moment Billing API says no; `detail.problem` holds what it said.
  MOMENT_INVALID_REQUEST: code(
    "refusal",
    "no",
    "Moment cannot read the request (400, or another 4xx); `detail.problem.errors` names fields (D-11).",
  ),
  MOMENT_UNAUTHORIZED: code("refusal", "no", "Moment does not know the secret key (401, D-01)."),
  MOMENT_FORBIDDEN: code(
    "refusal",
    "no",
    "The key was deleted, has expired, or may not do this (403, D-01, D-02).",
  ),
  MOMENT_NOT_FOUND: code(
    "refusal",
    "no",
    "Moment has no such object in the mode of the key (404, D-03).",
  ),
  MOMENT_CONFLICT: code(
    "refusal",
    "no",
    "A reference is taken, a bill is paid or voided, or the same key is still at work (409, D-07, D-10).",
  ),
  MOMENT_UNPROCESSABLE: code(
    "refusal",
    "no",
    "Moment can read the request and refuses it (402, 422), as for a key used before with another body (D-06).",
  ),

  // Moment, or the way to it, failed.
  MOMENT_UNAVAILABLE: code(
    "failure",
    "safe",
    "No answer, a failing one (5xx) or too many requests (429), and nothing can have been written.",
  ),
  MOMENT_OUTCOME_UNKNOWN: code(
    "failure",
    "with-key",
    "A create or a void got no clear answer; `detail.idempotencyKey` is the key to repeat it with.",
  ),
  MOMENT_STATE_UNKNOWN: code(
    "failure",
    "read-first",
    "An update got no clear answer, or a 5xx is what the key stands for; retrieve the object, then decide.",
  ),
  MOMENT_ANSWER_UNREADABLE: code(
    "failure",
    "read-first",
    "Moment answered with something else than the object, or redirected; what was asked for may be done.",
  ),
} as const satisfies Record<string, CodeEntry>;

/** Stable names of everything that can go wrong. */
export type ErrorCode = keyof typeof errorCatalogue;

/** One thing wrong with an input: where, as a path such as `metadata.region`, and what. */
export interface Fault {
  readonly field: string;
  readonly message: string;
}

/** What the façade and the stores throw. `detail` holds the facts, never a secret. */
export class LedgerError extends Error {
  override readonly name = "LedgerError";
  readonly code: ErrorCode;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly retry: Retry;

  constructor(
    errorCode: ErrorCode,
    message: string,
    options: { detail?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = errorCode;
    this.detail = options.detail ?? {};
    this.retry = errorCatalogue[errorCode].retry;
  }
}

/** Whether `error` is a `LedgerError`, of this code if one is named. Works across package copies. */
export const isLedgerError = (error: unknown, errorCode?: ErrorCode): error is LedgerError =>
  error instanceof Error &&
  error.name === "LedgerError" &&
  "code" in error &&
  (errorCode === undefined || error.code === errorCode);
