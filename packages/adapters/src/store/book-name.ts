/** Names of books: any text that can be stored, from 1 to 255 characters. A name is a local label. */
import { LedgerError } from "@tallystick/core";

const unstorable = /[\0\p{Surrogate}]/u;

/** Throws `INVALID_INPUT` for a text that cannot name a book. */
export const requireBookName = (name: string): void => {
  const message =
    name.length === 0 || name.length > 255
      ? `must have 1 to 255 characters, has ${name.length}`
      : unstorable.test(name)
        ? "must not contain NUL or half of a surrogate pair"
        : undefined;
  if (message !== undefined)
    throw new LedgerError("INVALID_INPUT", `the name of a book ${message}`, {
      detail: { faults: [{ field: "book", message }] },
    });
};
