/** Partitions, as SQL for whoever owns the tables to run: the large tables in parts, by a hash of the book. */
import { faulty } from "../store/faulty.ts";
import { literal, quoted, schemaDefault } from "./names.ts";

export interface PartitionsOptions {
  /** The default is `tallystick`. */
  readonly schema?: string;
  /**
   * How many parts each table gets, from 2 to 1024. A book lies in one of them as a whole, so more parts
   * than books are of no use, and each statement looks at the list of all of them: 16 or 32 is a lot.
   */
  readonly partitions: number;
}

const tables = ["events", "commits", "claims", "documents", "document_currencies"];

/**
 * One transaction that makes partitioned tables of those that `migrate` has made, with the same columns,
 * keys, indexes, triggers and rights. Rows are copied and the tables locked meanwhile: nothing on an
 * empty schema, a time of maintenance on a full one. It fails where it was run before.
 *
 * Partitions are called `events_p0`, `events_p1` and so on; each refuses by itself what its table refuses.
 *
 * `INVALID_INPUT` for a number out of range, or a name that PostgreSQL cannot keep.
 */
export const partitionsSql = ({
  schema = schemaDefault,
  partitions,
}: PartitionsOptions): string => {
  const s = quoted(schema, "schema");
  if (!Number.isInteger(partitions) || partitions < 2 || partitions > 1024)
    throw faulty("postgres", "partitions", "must be a whole number from 2 to 1024");
  const names = tables.map((table) => `${s}.${table}`);
  return `BEGIN;
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL standard_conforming_strings = on;
LOCK TABLE ${s}.books, ${names.join(", ")} IN ACCESS EXCLUSIVE MODE;
CREATE FUNCTION pg_temp.tallystick_partition(p_schema text, p_table text, p_parts integer)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  whole regclass := format('%I.%I', p_schema, p_table);
  -- Everything that hangs on the table, as it can be said again once that name is free.
  keys text[] := ARRAY(
    SELECT format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', p_schema, p_table, conname,
      pg_get_constraintdef(oid))
    FROM pg_constraint WHERE conrelid = whole AND contype = 'p');
  indexes text[] := ARRAY(
    SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = whole AND NOT indisprimary);
  triggers text[] := ARRAY(
    SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = whole AND NOT tgisinternal);
  of_statements text[] := ARRAY(
    SELECT pg_get_triggerdef(oid) FROM pg_trigger
    WHERE tgrelid = whole AND NOT tgisinternal AND tgtype & 1 = 0);
  rights text[] := ARRAY(
    SELECT format('GRANT %s ON %I.%I TO %s', a.privilege_type, p_schema, p_table,
      CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
    FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = whole AND a.grantee <> c.relowner);
  settings text := (SELECT 'WITH (' || array_to_string(reloptions, ', ') || ')'
    FROM pg_class WHERE oid = whole);
  name text := format('%I.%I', p_schema, p_table);
  part text;
  def text;
BEGIN
  IF (SELECT relkind FROM pg_class WHERE oid = whole) = 'p' THEN
    RAISE EXCEPTION '% is partitioned already', whole;
  END IF;
  EXECUTE format('ALTER TABLE %I.%I RENAME TO tallystick_whole', p_schema, p_table);
  EXECUTE format('CREATE TABLE %I.%I (LIKE %I.tallystick_whole INCLUDING DEFAULTS INCLUDING COMMENTS)
    PARTITION BY HASH (book)', p_schema, p_table, p_schema);
  FOR i IN 0 .. p_parts - 1 LOOP
    part := format('%I.%I', p_schema, p_table || '_p' || i);
    EXECUTE format('CREATE TABLE %s PARTITION OF %s FOR VALUES WITH (MODULUS %s, REMAINDER %s) %s',
      part, name, p_parts, i, settings);
  END LOOP;
  EXECUTE format('INSERT INTO %s SELECT * FROM %I.tallystick_whole', name, p_schema);
  EXECUTE format('DROP TABLE %I.tallystick_whole', p_schema);
  FOREACH def IN ARRAY keys || indexes || triggers || rights LOOP EXECUTE def; END LOOP;
  -- The triggers of a statement are those of the table that it names.
  FOR i IN 0 .. p_parts - 1 LOOP
    part := format('%I.%I', p_schema, p_table || '_p' || i);
    FOREACH def IN ARRAY of_statements LOOP
      EXECUTE replace(def, ' ON ' || name || ' ', ' ON ' || part || ' ');
    END LOOP;
  END LOOP;
END $$;
${tables.map((table) => `SELECT pg_temp.tallystick_partition(${literal(schema)}, ${literal(table)}, ${partitions});`).join("\n")}
COMMIT;
`;
};
