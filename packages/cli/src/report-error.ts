/** An error as one clear sentence with its code, or as JSON for machines. A stack only where one was asked for. */
import { type Fault, isLedgerError, toSnakePath } from "@tallystick/core";
import { jsonText, printable } from "@tallystick/reports";
import { CliError } from "./cli-error.ts";
import { colorsFor, type Io, isDebug } from "./io.ts";

interface Told {
  readonly code: string;
  readonly message: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

const faultsOf = (detail: Readonly<Record<string, unknown>>): readonly Fault[] =>
  Array.isArray(detail["faults"]) ? (detail["faults"] as Fault[]) : [];

/** Members that a fault of another member speaks of. */
const members =
  /\b(?:amountDue|amountPaid|amountRemaining|maxAmount|minAmount|externalReference|paymentRules)\b/g;

/** A fault with its field, and those that it speaks of, in the API's own spelling. */
const snakeFault = ({ field, message }: Fault): Fault => ({
  field: toSnakePath(field),
  message: message.replace(members, toSnakePath),
});

/** More than an object of the API has members; beyond them a line is hostile, not mistaken. */
const faultsMax = 32;

/** What is wrong with an input, field by field, in the API's own spelling. */
const faultText = (faults: readonly Fault[]): string => {
  const shown = faults
    .slice(0, faultsMax)
    .map(snakeFault)
    .map(({ field, message }) => (field === "" ? message : `${field} ${message}`));
  const more = faults.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
};

/** The message of an error, with the fields of an input in the API's own spelling. */
export const messageOf = (error: unknown): string => {
  if (isLedgerError(error)) {
    const faults = faultsOf(error.detail);
    return faults.length === 0 ? error.message : faultText(faults);
  }
  return error instanceof Error ? error.message : String(error);
};

const toldOf = (error: unknown): Told => {
  if (isLedgerError(error)) {
    const faults = faultsOf(error.detail);
    const detail =
      faults.length === 0
        ? error.detail
        : {
            ...error.detail,
            faults: faults.map(snakeFault),
          };
    return { code: error.code, message: messageOf(error), detail };
  }
  if (error instanceof CliError) return error;
  return {
    code: "INTERNAL",
    message: `this should not have happened: ${messageOf(error)}`,
    detail: {},
  };
};

/** Says on standard error what went wrong. */
export const reportError = (io: Io, error: unknown, json: boolean): void => {
  const { code, message, detail } = toldOf(error);
  if (json)
    for (const piece of jsonText({ error: { code, message, detail } })) io.stderr.write(piece);
  else {
    const colors = colorsFor(io.stderr, io.env);
    io.stderr.write(
      `${colors.red("tallystick:")} ${printable(message)} ${colors.dim(`(${code})`)}\n`,
    );
  }
  if (isDebug(io) && error instanceof Error) io.stderr.write(`${error.stack ?? ""}\n`);
  else if (code === "INTERNAL" && !json)
    io.stderr.write("Set DEBUG=1 to see where, and please report it.\n");
};
