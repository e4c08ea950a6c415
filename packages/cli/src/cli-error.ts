/** What the command line itself refuses; everything else that goes wrong is a `LedgerError`. */

export const cliErrors = {
  USAGE: "The arguments make no sense together, or name what does not exist.",
  UNREADABLE_INPUT: "A file that was to be read is not there, is a folder, or cannot be read.",
  UNWRITABLE_OUTPUT:
    "The answer could not be written, to standard output or to --out, such as on a full disk. What the command changed in the ledger stays.",
} as const;
export type CliErrorCode = keyof typeof cliErrors;

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
