/** How this package refuses an argument: `INVALID_INPUT` with the one fault, as the ledger's own doors do. */
import { LedgerError } from "@tallystick/core";

/** `message` goes on where the field's name ends, and never repeats a secret. */
export const faulty = (verb: string, field: string, message: string): LedgerError =>
  new LedgerError("INVALID_INPUT", `${verb}: ${field} ${message}`, {
    detail: { faults: [{ field, message }] },
  });
