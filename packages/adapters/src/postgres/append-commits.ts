import { bodyOf } from "./names.ts";

/**
 * The one statement that writes: a function that locks the book's head, judges each draft of a group
 * in the order of arrival, links those that fit into the chain, and writes them. One round trip and
 * one transaction for a group. A draft that does not fit is an answer and no error.
 *
 * What the judgement needs is looked up once for the whole group: the last event of each stream that
 * is named, who holds each claim and key. From there on the group's own effects are followed in
 * memory. The order of the checks is that of `refusalOf`.
 *
 * It runs with the rights of its owner, so that a role may append and nothing else. Sequential scans,
 * hash and merge joins are off inside: its plans are kept for a connection's life, and one that was
 * made while the tables were small would read all of them later.
 */
export const appendCommits = (s: string): string => `
CREATE FUNCTION ${s}.append_commits(
  p_book text, p_chain_id text, p_now bigint, p_lock_timeout_ms bigint,
  p_after bigint,   -- imports: the number of the last commit before; the first refusal ends the group
  p_notify text,    -- a channel to tell, or null
  p_streams json,   -- names
  p_keys json,      -- idempotency keys
  p_claims json,    -- d, i: draft and place of the event in it, both from 0; k: the key
  p_drafts json, p_commits json, p_events json
) RETURNS TABLE (
  o_refused text, o_at integer, o_actual bigint,
  o_number bigint, o_first_position bigint, o_recorded_at bigint, o_previous_hash text, o_hash text
) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = 0
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_sort = off
SET jit = off
AS ${bodyOf(`
DECLARE
  v_head record;
  v_chain_id text;
  v_commit bigint;
  v_position bigint;
  v_hash text;
  v_recorded bigint;
  v_recorded_text text;
  v_now bigint;
  v_revisions bigint[];
  v_ids text[];
  v_held boolean[];
  v_used boolean[];
  v_numbers bigint[];
  v_firsts bigint[];
  v_times bigint[];
  v_hashes text[];
  v_count integer;
  v_written integer := 0;
  v_draft integer := 0;
  d record;
  k integer;
  v_actual bigint;
BEGIN
  PERFORM set_config('lock_timeout', p_lock_timeout_ms::text, true);
  LOOP
    SELECT b.id, b.chain_id, b.commit_number, b.position, encode(b.hash, 'hex') AS hash, b.recorded_at
      INTO v_head FROM ${s}.books b WHERE b.name = p_book FOR NO KEY UPDATE;
    EXIT WHEN FOUND;
    INSERT INTO ${s}.books (name, chain_id) VALUES (p_book, p_chain_id) ON CONFLICT (name) DO NOTHING;
  END LOOP;
  v_commit := v_head.commit_number;
  v_position := v_head.position;
  v_recorded := v_head.recorded_at;
  IF v_commit = 0 THEN
    v_chain_id := p_chain_id;
    v_hash := encode(sha256(convert_to(E'tallystick.genesis.v1\\n' || p_chain_id, 'UTF8')), 'hex');
  ELSE
    v_chain_id := v_head.chain_id;
    v_hash := v_head.hash;
  END IF;
  IF p_after IS NOT NULL AND (p_after <> v_commit OR v_chain_id <> p_chain_id) THEN
    o_refused := 'moved';
    RETURN NEXT;
    RETURN;
  END IF;

  SELECT array_agg(coalesce(e.revision, 0) ORDER BY n.o), array_agg(e.id ORDER BY n.o)
    INTO v_revisions, v_ids
    FROM json_array_elements_text(p_streams) WITH ORDINALITY n(stream, o)
    LEFT JOIN LATERAL (
      SELECT revision, id FROM ${s}.events
      WHERE book = v_head.id AND stream = n.stream ORDER BY revision DESC LIMIT 1
    ) e ON true;
  SELECT array_agg(c.position IS NOT NULL ORDER BY n.o) INTO v_held
    FROM ROWS FROM (json_to_recordset(p_claims) AS (k text)) WITH ORDINALITY n(k, o)
    LEFT JOIN LATERAL (
      SELECT position FROM ${s}.claims WHERE book = v_head.id AND key = n.k LIMIT 1
    ) c ON true;
  SELECT array_agg(c.number IS NOT NULL ORDER BY n.o) INTO v_used
    FROM json_array_elements_text(p_keys) WITH ORDINALITY n(k, o)
    LEFT JOIN LATERAL (
      SELECT number FROM ${s}.commits
      WHERE book = v_head.id AND outcome_key = n.k AND outcome_key IS NOT NULL LIMIT 1
    ) c ON true;

  v_count := json_array_length(p_drafts);
  v_numbers := array_fill(0::bigint, ARRAY[v_count]);
  v_firsts := v_numbers;
  v_times := v_numbers;
  v_hashes := array_fill(''::text, ARRAY[v_count]);

  -- k: key; s, r, b: streams with expected revisions, behind the first e of them also with the id of
  -- the last event; x, y, z: the outcome's subject, its revision, what the draft itself takes it to;
  -- l: claims, the o-th of which repeats an earlier one; w, v, u: streams that it writes to, with revision and id of their last event after it;
  -- n: events; h: body hash; t: when a commit that is imported was recorded. Indexes count from 1.
  FOR d IN SELECT * FROM json_to_recordset(p_drafts) AS x(
    k integer, s integer[], r bigint[], b text[], e integer, x integer, y bigint, z bigint,
    l integer[], o integer, w integer[], v bigint[], u text[], n integer, h text, t bigint)
  LOOP
    v_draft := v_draft + 1;
    o_refused := NULL;
    IF d.k IS NOT NULL AND v_used[d.k] THEN
      o_refused := 'key';
    ELSE
      FOR i IN 1 .. cardinality(d.s) LOOP
        k := d.s[i];
        IF v_revisions[k] <> d.r[i] OR (i > d.e AND v_ids[k] IS DISTINCT FROM d.b[i]) THEN
          o_refused := 'stale';
          o_at := i;
          o_actual := v_revisions[k];
          EXIT;
        END IF;
      END LOOP;
      IF o_refused IS NULL AND d.x IS NOT NULL THEN
        v_actual := coalesce(d.z, v_revisions[d.x]);
        IF d.y > v_actual THEN
          o_refused := 'subject';
          o_actual := v_actual;
        END IF;
      END IF;
      IF o_refused IS NULL THEN
        FOR i IN 1 .. cardinality(d.l) LOOP
          IF v_held[d.l[i]] OR i = d.o THEN
            o_refused := 'claim';
            o_at := i;
            EXIT;
          END IF;
        END LOOP;
      END IF;
    END IF;

    IF o_refused IS NOT NULL THEN
      RETURN NEXT;
      EXIT WHEN p_after IS NOT NULL;
      CONTINUE;
    END IF;

    IF d.k IS NOT NULL THEN v_used[d.k] := true; END IF;
    FOR i IN 1 .. cardinality(d.l) LOOP v_held[d.l[i]] := true; END LOOP;
    FOR i IN 1 .. cardinality(d.w) LOOP
      v_revisions[d.w[i]] := d.v[i];
      v_ids[d.w[i]] := d.u[i];
    END LOOP;
    v_now := greatest(coalesce(d.t, p_now), v_recorded);
    IF v_recorded_text IS NULL OR v_now <> v_recorded THEN
      v_recorded_text := to_char(timestamp '1970-01-01' + v_now * interval '1 millisecond',
        'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
    END IF;
    v_recorded := v_now;
    v_commit := v_commit + 1;
    o_number := v_commit;
    o_first_position := v_position + 1;
    o_recorded_at := v_recorded;
    o_previous_hash := v_hash;
    v_hash := encode(sha256(convert_to(concat_ws(E'\\n', 'tallystick.commit.v1', v_hash, v_commit,
      o_first_position, d.n, v_recorded_text, d.h), 'UTF8')), 'hex');
    o_hash := v_hash;
    v_position := v_position + d.n;
    v_numbers[v_draft] := o_number;
    v_firsts[v_draft] := o_first_position;
    v_times[v_draft] := o_recorded_at;
    v_hashes[v_draft] := o_hash;
    v_written := v_written + 1;
    RETURN NEXT;
  END LOOP;
  IF v_written = 0 THEN RETURN; END IF;

  INSERT INTO ${s}.commits
    SELECT v_head.id, v_numbers[c.d + 1], v_firsts[c.d + 1], c.n, v_times[c.d + 1],
      decode(c.b, 'hex'), decode(v_hashes[c.d + 1], 'hex'), c.k, decode(c.s, 'hex'), decode(c.h, 'hex'),
      c.f, decode(c.p, 'hex'), c.u, c.r, c.e
    FROM json_to_recordset(p_commits) AS c(
      d integer, n integer, b text, k text, s text, h text, f text, p text, u text, r bigint, e text)
    WHERE v_numbers[c.d + 1] > 0;
  INSERT INTO ${s}.events
    SELECT v_head.id, v_firsts[e.d + 1] + e.i, e.t, e.s, e.r, e.o, e.p, e.c, e.a, e.f, e.b,
      coalesce(e.m, v_times[e.d + 1]), v_times[e.d + 1], v_numbers[e.d + 1], e.g, e.n, e.v, e.x,
      e.k, e.w, e.q, e.y, e.z, decode(e.h, 'hex')
    FROM json_to_recordset(p_events) AS e(
      d integer, i integer, t text, s text, r bigint, o text, p text, c text, a bigint, f bigint,
      b bigint, m bigint, g integer, n text, v integer, x json, k text, w text, q text, y text,
      z json, h text)
    WHERE v_numbers[e.d + 1] > 0;
  INSERT INTO ${s}.claims
    SELECT v_head.id, c.k, v_firsts[c.d + 1] + c.i
    FROM json_to_recordset(p_claims) AS c(d integer, i integer, k text)
    WHERE v_numbers[c.d + 1] > 0;
  UPDATE ${s}.books SET chain_id = v_chain_id, commit_number = v_commit, position = v_position,
    hash = decode(v_hash, 'hex'), recorded_at = v_recorded WHERE id = v_head.id;
  IF p_notify IS NOT NULL THEN PERFORM pg_notify(p_notify, p_book); END IF;
END `)};
`;
