/** Rights, as SQL for whoever owns the tables to run: a writer appends, a reader reads, and neither can change a thing. */
import { quoted, schemaDefault } from "./names.ts";

export interface RolesOptions {
  /** The default is `tallystick`. */
  readonly schema?: string;
  /** A role that exists: it may append and read, and keep records beside the books. */
  readonly writer?: string;
  /** A role that exists: it may read the books, and bring the derived documents up to date. */
  readonly reader?: string;
}

/**
 * Grants for existing roles. Nobody but the owner of the tables can insert, update or delete a row of
 * `books`, `commits`, `events` and `claims`: `append_group` does it with the owner's rights, and
 * always links what it writes into the chain. Run it again after each `migrate`.
 *
 * `INVALID_INPUT` for a name that PostgreSQL cannot keep.
 */
export const rolesSql = ({ schema = schemaDefault, writer, reader }: RolesOptions): string => {
  const s = quoted(schema, "schema");
  const names = Object.entries({ writer, reader })
    .filter((role): role is [string, string] => role[1] !== undefined)
    .map(([field, name]) => ({ field, role: quoted(name, field) }));
  const lines = names.flatMap(({ field, role }) => [
    `GRANT USAGE ON SCHEMA ${s} TO ${role};`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA ${s} TO ${role};`,
    `GRANT EXECUTE ON FUNCTION ${s}.save_documents, ${s}.drop_documents TO ${role};`,
    field === "writer"
      ? `GRANT EXECUTE ON FUNCTION ${s}.append_group, ${s}.save_records TO ${role};`
      : // A mock server keeps the secrets of its webhooks there.
        `REVOKE ALL ON ${s}.records FROM ${role};`,
  ]);
  return `${lines.join("\n")}\n`;
};
