/** Names in the database: a schema of the user's choice, always quoted, and what hangs on it. */
import { hash } from "node:crypto";
import { faulty } from "../store/faulty.ts";

export const schemaDefault = "tallystick";

/** PostgreSQL cuts longer names off, without a word. */
const nameBytesMax = 63;

/** A name as SQL reads it, whatever it is made of. `INVALID_INPUT` for one that PostgreSQL cannot keep. */
export const quoted = (name: string, field: string): string => {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > nameBytesMax || name.includes("\0"))
    throw faulty(
      "postgres",
      field,
      `must have 1 to ${nameBytesMax} bytes and no NUL, has ${bytes}`,
    );
  return `"${name.replaceAll('"', '""')}"`;
};

/** A text as SQL reads it, with `standard_conforming_strings` on. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The body of a function as SQL reads it: behind a delimiter that does not occur in it, as it may in a name. */
export const bodyOf = (sql: string): string => {
  let delimiter = "$$";
  for (let n = 1; sql.includes(delimiter); n += 1) delimiter = `$b${n}$`;
  return `${delimiter}${sql}${delimiter}`;
};

/** The channel on which writers of a schema say that there is news; its name has 27 characters. */
export const channelOf = (schema: string): string =>
  `tallystick_${hash("sha256", schema, "hex").slice(0, 16)}`;
