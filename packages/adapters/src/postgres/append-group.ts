import { bodyOf } from "./names.ts";

/**
 * The one statement that writes: a function that locks the book's head, judges the drafts of a group in
 * the order of arrival, links those that fit into the chain, and writes them. One round trip and one
 * transaction for a group. A draft that does not fit is an answer and no error.
 *
 * Nearly always all of them fit, and that takes three looks at the whole group: whether each stream
 * stands where the first draft that names it expects it, whether any claim is held, whether any key was
 * used. That they also fit one another is the caller's to say. Where one does not, they are judged one by
 * one, and the group's own effects are followed in memory; the order of the checks is that of `refusalOf`.
 *
 * It runs with the rights of its owner, so that a role may append and nothing else. Sequential scans,
 * hash and merge joins are off inside: its plans are kept for a connection's life, and one that was
 * made while the tables were small would read all of them later.
 */
export const appendGroup = (s: string): string => `
CREATE TYPE ${s}.stream_expected AS (stream text, revision bigint, id text, least bigint);
COMMENT ON TYPE ${s}.stream_expected IS
  'What a group expects of a stream as it finds it: revision and id of the last event, or a least revision.';
CREATE TYPE ${s}.claim_draft AS (draft integer, event integer, key text);
COMMENT ON TYPE ${s}.claim_draft IS 'Which event takes a key: the draft in its group and the event in it, from 0.';
CREATE TYPE ${s}.commit_draft AS (
  event_count integer, body_hash text, recorded_at bigint,
  outcome_key text, outcome_salt text, outcome_salt_hash text, outcome_fields text,
  outcome_fingerprints text, outcome_subject text, outcome_subject_revision bigint, outcome_refusal text
);
COMMENT ON TYPE ${s}.commit_draft IS 'A commit without its place in the chain; bytes are in hexadecimal digits.';
CREATE TYPE ${s}.event_draft AS (
  draft integer, event integer, type text, stream text, revision bigint, obligation text, payment text,
  currency text, amount bigint, effect bigint, balance_after bigint, effective_at bigint, flags integer,
  id text, schema_version integer, data json, idempotency_key text, actor text, correlation_id text,
  causation_id text, personal json, personal_hash text
);
COMMENT ON TYPE ${s}.event_draft IS
  'An event without its position; draft and event as in claim_draft, bytes in hexadecimal digits.';

CREATE FUNCTION ${s}.append_group(
  p_book text, p_chain_id text, p_now bigint, p_lock_timeout_ms bigint,
  p_after bigint,   -- imports: the number of the last commit before; the first refusal ends the group
  p_notify text,    -- a channel to tell, or null
  p_fit boolean,    -- whether the drafts fit one another
  p_streams ${s}.stream_expected[], p_claims ${s}.claim_draft[],
  p_commits ${s}.commit_draft[], p_events ${s}.event_draft[],
  p_judged text     -- JSON, read where they do not all fit
) RETURNS TABLE (
  o_refused text,   -- null where it was written; "none" in the one row that stands for all of them
  o_at integer, o_actual bigint,
  o_number bigint, o_first_position bigint, o_recorded_at bigint, o_previous_hash text,
  o_hash text       -- in the row for all: one behind the other
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
  v_draft integer := 0;
  v_fit boolean;
  c ${s}.commit_draft;
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
  v_chain_id := CASE WHEN v_head.commit_number = 0 THEN p_chain_id ELSE v_head.chain_id END;
  IF p_after IS NOT NULL AND (p_after <> v_head.commit_number OR v_chain_id <> p_chain_id) THEN
    o_refused := 'moved';
    RETURN NEXT;
    RETURN;
  END IF;

  v_count := cardinality(p_commits);
  v_fit := p_fit AND p_after IS NULL AND NOT EXISTS (
    SELECT FROM unnest(p_streams) n
    LEFT JOIN LATERAL (
      SELECT revision, id FROM ${s}.events
      WHERE book = v_head.id AND stream = n.stream ORDER BY revision DESC LIMIT 1
    ) e ON true
    WHERE n.revision <> coalesce(e.revision, 0) OR n.least > coalesce(e.revision, 0)
      OR (n.id IS NOT NULL AND e.id IS DISTINCT FROM n.id));

  LOOP
    v_commit := v_head.commit_number;
    v_position := v_head.position;
    v_recorded := v_head.recorded_at;
    v_recorded_text := NULL;
    v_hash := CASE WHEN v_commit > 0 THEN v_head.hash
      ELSE encode(sha256(convert_to(E'tallystick.genesis.v1\\n' || p_chain_id, 'UTF8')), 'hex') END;
    v_numbers := array_fill(0::bigint, ARRAY[v_count]);
    v_firsts := v_numbers;
    v_times := v_numbers;
    v_hashes := array_fill(''::text, ARRAY[v_count]);
    v_draft := 0;
    IF v_fit THEN
      v_recorded := greatest(p_now, v_recorded);
      v_recorded_text := to_char(timestamp '1970-01-01' + v_recorded * interval '1 millisecond',
        'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
      o_refused := 'none';
      o_number := v_commit + 1;
      o_first_position := v_position + 1;
      o_recorded_at := v_recorded;
      o_previous_hash := v_hash;
      v_times := array_fill(v_recorded, ARRAY[v_count]);
      FOREACH c IN ARRAY p_commits LOOP
        v_draft := v_draft + 1;
        v_commit := v_commit + 1;
        v_numbers[v_draft] := v_commit;
        v_firsts[v_draft] := v_position + 1;
        v_hash := encode(sha256(convert_to(concat_ws(E'\\n', 'tallystick.commit.v1', v_hash, v_commit,
          v_position + 1, c.event_count, v_recorded_text, c.body_hash), 'UTF8')), 'hex');
        v_hashes[v_draft] := v_hash;
        v_position := v_position + c.event_count;
      END LOOP;
      o_hash := array_to_string(v_hashes, '');
    ELSE
      SELECT array_agg(coalesce(e.revision, 0) ORDER BY n.o), array_agg(e.id ORDER BY n.o)
        INTO v_revisions, v_ids
        FROM unnest(p_streams) WITH ORDINALITY n(stream, revision, id, least, o)
        LEFT JOIN LATERAL (
          SELECT revision, id FROM ${s}.events
          WHERE book = v_head.id AND stream = n.stream ORDER BY revision DESC LIMIT 1
        ) e ON true;
      SELECT array_agg(held.position IS NOT NULL ORDER BY n.o) INTO v_held
        FROM unnest(p_claims) WITH ORDINALITY n(draft, event, key, o)
        LEFT JOIN LATERAL (
          SELECT position FROM ${s}.claims WHERE book = v_head.id AND key = n.key LIMIT 1
        ) held ON true;
      SELECT array_agg(used.number IS NOT NULL ORDER BY n.o) INTO v_used
        FROM json_array_elements_text(p_judged::json->'keys') WITH ORDINALITY n(key, o)
        LEFT JOIN LATERAL (
          SELECT number FROM ${s}.commits
          WHERE book = v_head.id AND outcome_key = n.key AND outcome_key IS NOT NULL LIMIT 1
        ) used ON true;

      -- k: key; s, r, b: streams with expected revisions, behind the first e of them also with the id of
      -- the last event; x, y, z: the outcome's subject, its revision, what the draft itself takes it to;
      -- l: claims, the o-th of which repeats an earlier one; w, v, u: streams that it writes to, with revision
      -- and id of their last event after it. Indexes count from 1.
      FOR d IN SELECT * FROM json_to_recordset(p_judged::json->'drafts') AS x(
        k integer, s integer[], r bigint[], b text[], e integer, x integer, y bigint, z bigint,
        l integer[], o integer, w integer[], v bigint[], u text[])
      LOOP
        v_draft := v_draft + 1;
        c := p_commits[v_draft];
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
        v_now := greatest(coalesce(c.recorded_at, p_now), v_recorded);
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
          o_first_position, c.event_count, v_recorded_text, c.body_hash), 'UTF8')), 'hex');
        o_hash := v_hash;
        v_position := v_position + c.event_count;
        v_numbers[v_draft] := o_number;
        v_firsts[v_draft] := o_first_position;
        v_times[v_draft] := o_recorded_at;
        v_hashes[v_draft] := o_hash;
        RETURN NEXT;
      END LOOP;
    END IF;
    -- Claims and keys are unique: where all drafts fit so far, it is the indexes that judge them.
    BEGIN
      INSERT INTO ${s}.commits
        SELECT v_head.id, n.number, n.first_position, n.event_count, n.recorded,
          decode(n.body_hash, 'hex'), decode(n.hash, 'hex'), n.outcome_key,
          decode(n.outcome_salt, 'hex'), decode(n.outcome_salt_hash, 'hex'), n.outcome_fields,
          decode(n.outcome_fingerprints, 'hex'), n.outcome_subject, n.outcome_subject_revision,
          n.outcome_refusal
        FROM unnest(p_commits, v_numbers, v_firsts, v_times, v_hashes) AS n(
          event_count, body_hash, imported, outcome_key, outcome_salt, outcome_salt_hash, outcome_fields,
          outcome_fingerprints, outcome_subject, outcome_subject_revision, outcome_refusal,
          number, first_position, recorded, hash)
        WHERE n.number > 0;
      INSERT INTO ${s}.events
        SELECT v_head.id, v_firsts[n.draft + 1] + n.event, n.type, n.stream, n.revision, n.obligation,
          n.payment, n.currency, n.amount, n.effect, n.balance_after,
          coalesce(n.effective_at, v_times[n.draft + 1]), v_times[n.draft + 1], v_numbers[n.draft + 1],
          n.flags, n.id, n.schema_version, n.data, n.idempotency_key, n.actor, n.correlation_id,
          n.causation_id, n.personal, decode(n.personal_hash, 'hex')
        FROM unnest(p_events) n WHERE v_numbers[n.draft + 1] > 0;
      INSERT INTO ${s}.claims
        SELECT v_head.id, n.key, v_firsts[n.draft + 1] + n.event
        FROM unnest(p_claims) n WHERE v_numbers[n.draft + 1] > 0;
      EXIT;
    EXCEPTION WHEN unique_violation THEN
      IF NOT v_fit THEN RAISE; END IF;
      v_fit := false;
    END;
  END LOOP;
  IF v_fit THEN RETURN NEXT; END IF;
  IF v_commit = v_head.commit_number THEN RETURN; END IF;
  UPDATE ${s}.books SET chain_id = v_chain_id, commit_number = v_commit, position = v_position,
    hash = decode(v_hash, 'hex'), recorded_at = v_recorded WHERE id = v_head.id;
  IF p_notify IS NOT NULL THEN PERFORM pg_notify(p_notify, p_book); END IF;
END `)};
`;
