/**
 * Where records lie: small JSON values that a program keeps beside its books. Nothing here is part of a
 * book, so rows are replaced and deleted.
 */
import { bodyOf } from "./names.ts";

/** The function applies what a group of writes comes to: first `cleared`, then `deleted`, then `put`. */
export const recordsTable = (s: string): string => `
CREATE TABLE ${s}.records (
  owner text COLLATE "C" NOT NULL,
  collection text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (owner, collection, key)
) WITH (fillfactor = 80);
COMMENT ON TABLE ${s}.records IS 'What a program remembers beside its books; no part of any of them.';
CREATE FUNCTION ${s}.save_records(
  p_cleared json, p_deleted json, p_put json   -- o, c, k, v: owner, collection, key, value
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET jit = off
AS ${bodyOf(`
BEGIN
  DELETE FROM ${s}.records r USING json_to_recordset(p_cleared) AS x(o text, c text)
    WHERE r.owner = x.o AND r.collection = x.c;
  DELETE FROM ${s}.records r USING json_to_recordset(p_deleted) AS x(o text, c text, k text)
    WHERE r.owner = x.o AND r.collection = x.c AND r.key = x.k;
  INSERT INTO ${s}.records
    SELECT x.o, x.c, x.k, x.v FROM json_to_recordset(p_put) AS x(o text, c text, k text, v text)
    ON CONFLICT (owner, collection, key) DO UPDATE SET value = excluded.value;
END `)};
REVOKE ALL ON FUNCTION ${s}.save_records FROM PUBLIC;
`;
