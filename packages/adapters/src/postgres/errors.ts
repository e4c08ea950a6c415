/** What PostgreSQL and the connection to it say, in the words of the error catalogue. */
import { type ErrorCode, LedgerError } from "@tallystick/core";

/** What was being done, as far as it matters for what a failure leaves behind. */
export type Doing =
  /** Getting hold of a connection: nothing was sent. */
  | "connect"
  | "read"
  /** A statement that commits by itself. */
  | "write"
  /** A statement in the caller's transaction, which decides what becomes of it. */
  | "write-within";

/** SQLSTATE of a write where none are taken. */
const readOnly = "25006";

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** SQLSTATE: five characters. So has EPIPE, a code of Node's, whose errors name a system call beside it. */
export const sqlState = (error: unknown): string | undefined => {
  const code =
    error instanceof Error && "code" in error && !("syscall" in error) ? error.code : undefined;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
};

const isDisconnection = (state: string | undefined): boolean =>
  state === undefined || state.startsWith("08") || /^57P0[1-5]$/.test(state);

/** Node's codes for a certificate that does not hold: of another name, out of date, from an unknown authority. */
const isMistrusted = (error: unknown): boolean => {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /CERT|UNABLE_TO_VERIFY/.test(code);
};

/**
 * Whether a connection that met this error must not be used again. One that leads to a standby is among
 * them: after a failover the next may lead to the primary.
 */
export const isBroken = (error: unknown): boolean => {
  const state = sqlState(error);
  return isDisconnection(state) || state === readOnly;
};

/** Two transactions were in each other's way, and this one was taken back. */
export const isRace = (error: unknown): boolean => {
  const state = sqlState(error);
  return state === "40001" || state === "40P01";
};

interface Meaning {
  readonly code: ErrorCode;
  readonly says: string;
}

const meaningOf = (state: string, schema: string): Meaning | undefined => {
  if (state === "40001" || state === "40P01")
    return {
      code: "CONTENTION",
      says: "another transaction was in the way, and this one was taken back; repeat it",
    };
  if (state === "55P03")
    return {
      code: "STORE_LOCKED",
      says: "another transaction holds the book or a table and did not let go of it in time; nothing was written. Look for a program that keeps a transaction open",
    };
  if (state === "25P02")
    return {
      code: "STORE_UNAVAILABLE",
      says: "the transaction has failed before; roll it back and repeat all of it",
    };
  if (state === "57014" || state === "25P03" || state === "25P04")
    return {
      code: "STORE_UNAVAILABLE",
      says: "the database gave the statement up; nothing was written, repeat it",
    };
  if (state === "53100")
    return { code: "STORE_FULL", says: "the database's disk is full; nothing was written" };
  if (state === "58030") return { code: "STORE_IO", says: "the database's disk failed" };
  if (state === "53300")
    return {
      code: "STORE_UNAVAILABLE",
      says: "the database has no connection left; nothing was written. Repeat it later, and let pools open fewer than max_connections",
    };
  if (state.startsWith("53"))
    return {
      code: "STORE_UNAVAILABLE",
      says: "the database has no room for the command; nothing was written, repeat it later",
    };
  if (state === "3D000")
    return {
      code: "STORE_UNREADABLE",
      says: "there is no such database; create it, or name another",
    };
  if (state.startsWith("28"))
    return {
      code: "STORE_UNREADABLE",
      says: "the database does not let us in; check user, password and what pg_hba.conf asks for",
    };
  if (state === "42501")
    return {
      code: "STORE_UNWRITABLE",
      says: `this user lacks a right on schema ${schema}; tallystick migrate --roles prints how to grant it`,
    };
  if (state === readOnly)
    return {
      code: "STORE_UNWRITABLE",
      says: "the database takes no writes, as a standby does, and a list may have to be brought up to date first; nothing was written. Name the primary",
    };
  if (state === "42P01" || state === "42883" || state === "3F000" || state === "42703")
    return {
      code: "STORE_UNWRITABLE",
      says: `the schema ${schema} lacks our tables; run migrate`,
    };
  if (state === "XX001" || state === "XX002")
    return { code: "BOOK_CORRUPT", says: "the database is damaged; restore a backup" };
  return undefined;
};

/** SQLSTATE of a broken protocol, by which a pooler says everything. */
const saidByPooler = "08P01";

/** What the driver refuses by itself, or a pooler, known by its words alone. */
const refusals: readonly (Meaning & { readonly words: RegExp })[] = [
  {
    words: /server does not support SSL/,
    code: "STORE_UNREADABLE",
    says: "the server has no TLS, and the connection asks for it; turn it on there (ssl = on), or name another sslmode",
  },
  {
    words: /error establishing an SSL connection/,
    code: "STORE_UNREADABLE",
    says: "what answers there does not speak PostgreSQL; check host and port",
  },
  {
    words: /password must be a/,
    code: "STORE_UNREADABLE",
    says: "the server asks for a password, and there is none in the URL or pool",
  },
  {
    words: /^SASL/,
    code: "STORE_UNREADABLE",
    says: "the server and the driver do not agree on how to log in; check the password and password_encryption",
  },
  {
    words: /^(database|role) .* does not exist$|^no such (database|user)/,
    code: "STORE_UNREADABLE",
    says: "the pooler knows no such database or user; name another, or create it",
  },
  {
    words: /timeout exceeded when trying to connect/,
    code: "STORE_UNAVAILABLE",
    says: "no connection of the pool became free in time; nothing was written, repeat the command. Let the pool have more of them, and see that each is released",
  },
  {
    words: /after calling end on the pool/,
    code: "STORE_CLOSED",
    says: "the pool was ended; open the store on another, and close it before its pool",
  },
];

/**
 * The error that is owed for one of the database's; an error that it is not known how to meet passes
 * through, since it is a fault of this program. `place` names the database without its secrets.
 */
export const ledgerErrorOf = (
  error: unknown,
  doing: Doing,
  { place, schema }: { readonly place: string; readonly schema: string },
): unknown => {
  if (error instanceof LedgerError) return error;
  const state = sqlState(error);
  const said = textOf(error);
  const options = {
    cause: error,
    detail: { store: place, ...(state === undefined ? {} : { state }) },
  };
  const meaning =
    state === undefined || state === saidByPooler
      ? refusals.find(({ words }) => words.test(said))
      : meaningOf(state, schema);
  if (meaning !== undefined)
    return new LedgerError(meaning.code, `${place}: ${meaning.says} (${said})`, options);
  if (isMistrusted(error))
    return new LedgerError(
      "STORE_UNREADABLE",
      `${place}: the certificate of the server is not to be trusted (${said}); check host name, sslrootcert and sslmode`,
      options,
    );
  if (!isDisconnection(state) || error instanceof TypeError) return error;
  if (doing === "write")
    return new LedgerError(
      "COMMIT_UNCERTAIN",
      `${place}: the connection ended before the answer (${said}); whether the command was written is not known, so repeat it with its idempotency key`,
      options,
    );
  return new LedgerError(
    "STORE_UNAVAILABLE",
    doing === "connect"
      ? `${place} cannot be reached (${said}); nothing was written. See that it runs, and repeat the command`
      : `${place}: the connection ended (${said}); nothing was written, so repeat the command`,
    options,
  );
};
