/**
 * The statements that write documents. They are derived, so two processes may fold the same events at
 * once: the mark moves for the one that comes first, and the other reads what that one has written.
 * Nobody waits longer than one such statement takes.
 */
import { bodyOf } from "./names.ts";

/** True if the documents stood at `p_from` and are now those of `p_to`; otherwise nothing is written. */
export const saveDocuments = (s: string): string => `
CREATE FUNCTION ${s}.save_documents(
  p_book integer, p_version text, p_from bigint, p_to bigint,
  p_documents json, p_gone json   -- gone: k, c, p: kind, currency, position of creation
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET jit = off
AS ${bodyOf(`
BEGIN
  UPDATE ${s}.document_marks SET position = p_to
    WHERE book = p_book AND version = p_version AND position = p_from;
  IF NOT FOUND THEN
    IF p_from > 0 THEN RETURN false; END IF;
    INSERT INTO ${s}.document_marks (book, version, position) VALUES (p_book, p_version, p_to)
      ON CONFLICT (book) DO NOTHING;
    IF NOT FOUND THEN RETURN false; END IF;
  END IF;
  INSERT INTO ${s}.documents
    SELECT p_book, d.c, d.k, d.s, d.e, d.u, d.a, d.t, d.y, d.o, d.r, d.d, d.p, d.n, d.z
    FROM json_to_recordset(p_documents) AS d(
      c bigint, k text, s text, e text, u text, a text, t text, y text, o smallint, r smallint,
      d smallint, p bigint, n bigint, z text)
    ON CONFLICT (book, created_position) DO UPDATE SET
      kind = excluded.kind, external_reference = excluded.external_reference,
      customer_id = excluded.customer_id, account_id = excluded.account_id,
      status = excluded.status, currencies = excluded.currencies, owing = excluded.owing,
      credit = excluded.credit, tracked = excluded.tracked, position = excluded.position,
      revision = excluded.revision, state = excluded.state;
  INSERT INTO ${s}.document_currencies
    SELECT p_book, d.k, y.currency, d.c
    FROM json_to_recordset(p_documents) AS d(c bigint, k text, y text),
      json_array_elements_text(d.y::json) AS y(currency)
    ON CONFLICT DO NOTHING;
  DELETE FROM ${s}.document_currencies c USING json_to_recordset(p_gone) AS g(k text, c text, p bigint)
    WHERE c.book = p_book AND c.kind = g.k AND c.currency = g.c AND c.created_position = g.p;
  RETURN true;
END `)};
`;

/**
 * Documents of another version go, at most `p_limit` at a time, and once there are none the new ones
 * may begin. True when they may. The mark's lock keeps the one that begins from the one that drops.
 */
export const dropDocuments = (s: string): string => `
CREATE FUNCTION ${s}.drop_documents(p_book integer, p_version text, p_limit integer)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS ${bodyOf(`
DECLARE
  v_version text;
  v_gone bigint;
BEGIN
  SELECT version INTO v_version FROM ${s}.document_marks WHERE book = p_book FOR UPDATE;
  IF NOT FOUND OR v_version = p_version THEN RETURN true; END IF;
  UPDATE ${s}.document_marks SET version = '', position = 0 WHERE book = p_book;
  DELETE FROM ${s}.documents WHERE book = p_book AND created_position IN (
    SELECT created_position FROM ${s}.documents WHERE book = p_book
    ORDER BY created_position LIMIT p_limit);
  GET DIAGNOSTICS v_gone = ROW_COUNT;
  IF v_gone = p_limit THEN RETURN false; END IF;
  DELETE FROM ${s}.document_currencies WHERE book = p_book;
  UPDATE ${s}.document_marks SET version = p_version WHERE book = p_book;
  RETURN true;
END `)};
`;
