/** What the command line itself refuses; everything else that goes wrong is a `LedgerError`. */

export type CliErrorCode =
  /** The arguments make no sense together, or name what does not exist. */
  | "USAGE"
  /** A file that was to be read is not there, is a folder, or is not text. */
  | "UNREADABLE_INPUT"
  /** Standard output could not take the answer, such as on a full disk. The work itself was done. */
  | "UNWRITABLE_OUTPUT";

export class CliError extends Error {
  override readonly name = "CliError";
  readonly code: CliErrorCode;
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(
    code: CliErrorCode,
    message: string,
    options: { detail?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = options.detail ?? {};
  }
}

/** The arguments make no sense; the message says which would. */
export const usage = (message: string, detail: Readonly<Record<string, unknown>> = {}): CliError =>
  new CliError("USAGE", message, { detail });
