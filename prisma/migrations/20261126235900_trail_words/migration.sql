-- What the trail is searched by, away from the path of those who write it (ADR 41): the words of each thousand numbers of
-- the sequence (a chunk), filled by the worker. A search finds chunks by their words, newest first, and reads their rows.
CREATE TABLE "audit_words" (
    -- seq / 1000
    "chunk" BIGINT NOT NULL,
    -- of the actions in it
    "first_at" TIMESTAMPTZ(3),
    "last_at" TIMESTAMPTZ(3),
    -- null: too many to keep, so every search reads the chunk
    "words" TSVECTOR,

    CONSTRAINT "audit_words_pkey" PRIMARY KEY ("chunk")
);
CREATE INDEX "audit_words_words_idx" ON "audit_words" USING gin ("words") WITH (gin_pending_list_limit = 1024);
CREATE INDEX "audit_words_unkept_idx" ON "audit_words" ("chunk") WHERE "words" IS NULL;

-- How far that is: one row.
CREATE TABLE "audit_words_state" (
    "only" BOOLEAN NOT NULL DEFAULT true,
    -- every seq below it is in audit_words, none from it on
    "next_seq" BIGINT NOT NULL DEFAULT 0,
    -- every transaction that drew a number up to it has ended
    "settled" BIGINT NOT NULL DEFAULT 0,
    -- the same will be true of this number once no transaction before this one runs
    "drawn" BIGINT NOT NULL DEFAULT 0,
    "drawn_before" XID8 NOT NULL DEFAULT '0',
    -- blocks up to it were looked at for rows that came late
    "block" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "audit_words_state_pkey" PRIMARY KEY ("only"),
    CONSTRAINT "audit_words_state_one" CHECK ("only")
);
INSERT INTO "audit_words_state" DEFAULT VALUES;

-- Chunks whose words are no longer right: searches read them until they are.
CREATE TABLE "audit_words_again" (
    "chunk" BIGINT NOT NULL,

    CONSTRAINT "audit_words_again_pkey" PRIMARY KEY ("chunk")
);

-- The text of an action that is searched for words; its outcome adds a reason and a name.
CREATE FUNCTION trail_text(action text, actor_handle text, actor_name text, target_kind text, target_name text, namespace text,
  reason text, source_address text, user_agent text, destination text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT lower(concat_ws(' ', action, actor_handle, actor_name, target_kind, target_name, namespace, reason, source_address, user_agent, destination))
$$;

-- Ids are kept as one of a million marks: many would fill the index, and a wrong chunk in a thousand costs nothing.
CREATE FUNCTION trail_mark(id text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '#' || left(md5(lower(id)), 5)
$$;

-- What finds each of these words, or what begins with it.
CREATE FUNCTION trail_words_query(terms text[]) RETURNS tsquery LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT string_agg(format('(''%s'':* | ''%s'')', replace(replace(left(lower(term), 64), '\', '\\'), '''', ''''''), public.trail_mark(term)), ' & ')::tsquery
  FROM unnest(terms) term
$$;

-- Every word as it is and from each of its parts on ("web-dev" is found by "web", "web-d" and "dev"; an address or a version
-- only from its beginning), and marks for the other filters. Longer words are found by their first 64 letters: the row
-- itself is compared with the whole.
CREATE FUNCTION index_trail_chunk(wanted bigint) RETURNS void LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  -- With constants, the planner leaves all other months out.
  first CONSTANT bigint := wanted * 1000;
  until CONSTANT bigint := (wanted + 1) * 1000;
  outcomes_until CONSTANT bigint := public.audit_outcome_before((wanted + 1) * 1000);
  punctuation CONSTANT text := '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~';
BEGIN
  WITH part AS MATERIALIZED (
    SELECT * FROM public.audit_event WHERE seq >= first AND seq < until
  ), shown AS MATERIALIZED (
    SELECT e.at, e.actor_id, e.space_id, e.target_kind, e.target_id, e.route, e.detail->>'credential' AS credential, e.request_id,
      coalesce(o.cluster_audit_id, l.cluster_audit_id, e.cluster_audit_id) AS audit_id, coalesce(o.outcome, l.outcome, e.outcome)::text AS outcome,
      concat_ws(' ', public.trail_text(e.action, e.actor_handle, e.actor_name, e.target_kind, e.target_name, e.namespace, e.reason, e.source_address,
        e.user_agent, e.destination), lower(coalesce(o.reason, l.reason)), lower(coalesce(o.target_name, l.target_name))) AS text
    FROM part e LEFT JOIN part o ON o.intent_id = e.id LEFT JOIN LATERAL (
      SELECT * FROM public.audit_event l WHERE e.outcome IS NULL AND o.id IS NULL AND l.intent_id = e.id AND l.seq >= until AND l.seq < outcomes_until
      LIMIT 1) l ON true
    WHERE e.intent_id IS NULL AND (e.route IS NULL OR e.route = 'around')
  ), piece AS MATERIALIZED (
    SELECT DISTINCT piece FROM shown, string_to_table(text, ' ') piece WHERE piece <> ''
  ), word AS (
    SELECT left(piece, 64) AS word FROM piece
    UNION SELECT left(substr(piece, place::int), 64) FROM piece, LATERAL (
      SELECT part, 1 + sum(length(part) + 1) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS place
      FROM string_to_table(translate(piece, punctuation, repeat(' ', 32)), ' ') WITH ORDINALITY p(part, n)) begun
      WHERE translate(piece, punctuation, '') <> piece AND place > 1 AND part <> '' AND (part !~ '^[0-9]' OR substr(piece, place::int - 1, 1) <> '.')
    UNION SELECT mark FROM shown, unnest(ARRAY[
      '@' || right(actor_id::text, 12),
      '!' || right(space_id::text, 12),
      '&' || CASE WHEN target_kind = 'person' THEN right(target_id, 12) END,
      '%' || right(CASE WHEN target_kind = 'credential' THEN target_id END, 12),
      '%' || right(credential, 12),
      '?' || coalesce(outcome, 'unknown'),
      '~' || route,
      public.trail_mark(request_id),
      public.trail_mark(audit_id)]) mark WHERE mark IS NOT NULL
  )
  INSERT INTO public.audit_words (chunk, first_at, last_at, words)
  SELECT wanted, (SELECT min(at) FROM shown), (SELECT max(at) FROM shown),
    CASE WHEN sum(octet_length(word)) < 400000 THEN array_to_tsvector(array_agg(word)) END
  FROM word HAVING count(*) > 0
  ON CONFLICT (chunk) DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at, words = excluded.words;
END
$$;

-- Adds the words of chunks that nothing will be added to any more, and corrects others. Returns how many: none while
-- another does it. A search reads by itself what isn't here yet.
CREATE FUNCTION index_trail(max_chunks int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  state public.audit_words_state;
  unsealed bigint;
  newest_block bigint;
  last_block bigint;
  wanted bigint;
  done int := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('spaceport trail words')) THEN
    RETURN 0;
  END IF;
  SELECT * INTO state FROM public.audit_words_state;
  IF state.drawn_before <= pg_snapshot_xmin(pg_current_snapshot()) THEN
    state.settled := state.drawn;
    SELECT last_value INTO state.drawn FROM public.audit_event_seq_seq;
    state.drawn_before := pg_snapshot_xmax(pg_current_snapshot());
  END IF;

  -- Rows that were sealed after their chunk was done.
  SELECT greatest(max(number), state.block) INTO newest_block FROM public.audit_block;
  last_block := least(newest_block, state.block + 1000);
  INSERT INTO public.audit_words_again SELECT DISTINCT seq / 1000 FROM public.audit_block b, unnest(b.seqs) seq
    WHERE b.number > state.block AND b.number <= last_block AND b.seqs[1] < state.next_seq AND seq < state.next_seq
    ON CONFLICT DO NOTHING;

  FOR wanted IN DELETE FROM public.audit_words_again WHERE chunk IN (SELECT chunk FROM public.audit_words_again ORDER BY chunk DESC LIMIT max_chunks) RETURNING chunk LOOP
    PERFORM public.index_trail_chunk(wanted);
    done := done + 1;
  END LOOP;

  SELECT min(seq) INTO unsealed FROM public.audit_unsealed;
  WHILE done < max_chunks AND last_block = newest_block LOOP
    SELECT min(seq) / 1000 INTO wanted FROM public.audit_event WHERE seq >= state.next_seq;
    EXIT WHEN wanted IS NULL OR (wanted % 1000000000 + 1) * 1000 > state.settled OR (wanted + 1) * 1000 > unsealed;
    PERFORM public.index_trail_chunk(wanted);
    -- Outcomes of actions in chunks that are done.
    INSERT INTO public.audit_words_again SELECT DISTINCT i.seq / 1000
      FROM (SELECT o.intent_id FROM public.audit_event o WHERE o.seq >= wanted * 1000 AND o.seq < (wanted + 1) * 1000 AND o.intent_id IS NOT NULL
          EXCEPT SELECT e.id FROM public.audit_event e WHERE e.seq >= wanted * 1000 AND e.seq < (wanted + 1) * 1000) o
      CROSS JOIN LATERAL (SELECT i.seq FROM public.audit_event i WHERE i.id = o.intent_id AND i.seq < wanted * 1000
        AND (i.seq >= (wanted / 1000000000 - 100) * 1000000000000 OR i.seq < 100000000000000) LIMIT 1) i
      ON CONFLICT DO NOTHING;
    state.next_seq := (wanted + 1) * 1000;
    done := done + 1;
  END LOOP;

  -- Words of months that were taken away.
  SELECT min(chunk) INTO wanted FROM public.audit_words;
  IF wanted IS NOT NULL AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = 'public.audit_event'::regclass
      AND inhrelid = to_regclass('public.audit_event_' || CASE WHEN wanted < 100000000000 THEN 'before' ELSE (wanted / 1000000000)::text END)) THEN
    DELETE FROM public.audit_words WHERE chunk IN (SELECT chunk FROM public.audit_words WHERE chunk / 1000000000 = wanted / 1000000000 ORDER BY chunk LIMIT 1000);
  END IF;

  UPDATE public.audit_words_state SET next_seq = state.next_seq, settled = state.settled, drawn = state.drawn, drawn_before = state.drawn_before, block = last_block;
  RETURN greatest(done, (last_block < newest_block)::int);
END
$$;

-- Chunks, newest first, that may hold what is looked for: those with the words (any, if none are asked for) and of the
-- time, those that aren't indexed yet, or whose actions have an outcome that isn't, and those of known rows. Only rows with a seq below the given one are wanted.
CREATE FUNCTION trail_chunks(query tsquery, below bigint, since timestamptz, until timestamptz, known bigint[], most int) RETURNS SETOF bigint
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  unindexed bigint := (SELECT next_seq FROM public.audit_words_state);
BEGIN
  RETURN QUERY
  WITH RECURSIVE down AS (
    SELECT (SELECT max(seq) FROM public.audit_event WHERE seq < below AND seq >= unindexed) / 1000 AS chunk
    UNION ALL
    SELECT (SELECT max(seq) FROM public.audit_event WHERE seq < chunk * 1000 AND seq >= unindexed) / 1000 FROM down WHERE chunk IS NOT NULL
  ), unknown AS MATERIALIZED (
    SELECT chunk FROM down WHERE chunk IS NOT NULL LIMIT most
  ), up AS (
    SELECT (SELECT min(seq) FROM public.audit_event WHERE seq >= unindexed) / 1000 AS chunk
    UNION ALL
    SELECT (SELECT min(seq) FROM public.audit_event WHERE seq >= (chunk + 1) * 1000) / 1000 FROM up WHERE chunk IS NOT NULL
  ), following AS MATERIALIZED (
    SELECT e.id, e.intent_id FROM (SELECT chunk FROM up WHERE chunk IS NOT NULL LIMIT 10) u CROSS JOIN LATERAL (
      SELECT id, intent_id FROM public.audit_event e WHERE e.seq >= u.chunk * 1000 AND e.seq < (u.chunk + 1) * 1000 OFFSET 0) e
  ), late AS MATERIALIZED (
    SELECT i.seq / 1000 AS chunk FROM (SELECT intent_id FROM following WHERE intent_id IS NOT NULL EXCEPT SELECT id FROM following) o
    CROSS JOIN LATERAL (SELECT seq FROM public.audit_event i WHERE i.id = o.intent_id AND i.seq < unindexed LIMIT 1) i
  ), fitting AS MATERIALIZED (
    SELECT w.chunk, w.first_at, w.last_at FROM public.audit_words w WHERE w.words @@ query
  )
  SELECT DISTINCT c.chunk FROM (
    SELECT u.chunk FROM unknown u
    UNION ALL SELECT l.chunk FROM late l
    UNION ALL SELECT a.chunk FROM public.audit_words_again a
    UNION ALL SELECT k.seq / 1000 FROM unnest(known) k(seq)
    UNION ALL SELECT f.chunk FROM fitting f WHERE (until IS NULL OR f.first_at < until) AND (since IS NULL OR f.last_at >= since)
    UNION ALL (SELECT w.chunk FROM public.audit_words w WHERE w.words IS NULL AND query IS NOT NULL
      AND w.chunk * 1000 < below AND (until IS NULL OR w.first_at < until) AND (since IS NULL OR w.last_at >= since) ORDER BY w.chunk DESC LIMIT most)
    UNION ALL (SELECT w.chunk FROM public.audit_words w WHERE query IS NULL AND w.chunk <= (below - 1) / 1000
      AND (until IS NULL OR w.first_at < until) AND (since IS NULL OR w.last_at >= since) ORDER BY w.chunk DESC LIMIT most)) c
  WHERE c.chunk * 1000 < below ORDER BY 1 DESC LIMIT most;
END
$$;

-- Whoever replaces what is personal in a row has its words replaced too.
CREATE FUNCTION note_words_again() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.audit_words_again SELECT DISTINCT coalesce(i.seq, c.seq) / 1000
    FROM changed c LEFT JOIN public.audit_event i ON i.id = c.intent_id AND i.seq < c.seq ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER "audit_event_words_again" AFTER UPDATE ON "audit_event"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_words_again();

-- What was searched by row: the text was most of what writing a row cost.
DROP INDEX "audit_event_text_idx";
DROP FUNCTION audit_event_text(text, text, text, text, text, text, text, text, text, text, text);
DROP INDEX "audit_event_at_idx";
DROP INDEX "audit_event_action_seq_idx";

-- What somebody did, and what was done to them.
CREATE INDEX "audit_event_actor_id_seq_idx" ON "audit_event"("actor_id", "seq") WHERE "intent_id" IS NULL AND ("route" IS NULL OR "route" = 'around');
CREATE INDEX "audit_event_about_idx" ON "audit_event"("target_id", "seq") WHERE "intent_id" IS NULL AND ("route" IS NULL OR "route" = 'around')
  AND "target_kind" = 'person';
-- Actions that name a space which isn't theirs, or isn't there.
CREATE INDEX "audit_event_spaceless_idx" ON "audit_event"((coalesce("namespace", "target_name")), "seq") WHERE "intent_id" IS NULL AND ("route" IS NULL OR "route" = 'around')
  AND "space_id" IS NULL AND ("namespace" IS NOT NULL OR "target_kind" = 'space');
-- Intents whose outcome may be missing.
CREATE INDEX "audit_event_open_idx" ON "audit_event"("at") WHERE "intent_id" IS NULL AND ("route" IS NULL OR "route" = 'around')
  AND "outcome" IS NULL AND "action" NOT LIKE 'kubectl.%';

-- Half of the rows have no intent, and needn't be in its index.
CREATE OR REPLACE FUNCTION prepare_trail_partition(partition text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE UNIQUE INDEX %I ON public.%I (id)', partition || '_id_key', partition);
  EXECUTE format('CREATE UNIQUE INDEX %I ON public.%I (intent_id) WHERE intent_id IS NOT NULL', partition || '_intent_id_key', partition);
  EXECUTE format('CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION public.audit_event_is_append_only()', partition);
END
$$;
DO $$
DECLARE
  partition text;
BEGIN
  FOR partition IN SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'audit_event'::regclass LOOP
    EXECUTE format('DROP INDEX %I', partition || '_intent_id_key');
    EXECUTE format('CREATE UNIQUE INDEX %I ON %I (intent_id) WHERE intent_id IS NOT NULL', partition || '_intent_id_key', partition);
  END LOOP;
END
$$;

ALTER TABLE "audit_words" OWNER TO spaceport_trail_owner;
ALTER TABLE "audit_words_state" OWNER TO spaceport_trail_owner;
ALTER TABLE "audit_words_again" OWNER TO spaceport_trail_owner;
ALTER FUNCTION index_trail_chunk(bigint) OWNER TO spaceport_trail_owner;
ALTER FUNCTION index_trail(int) OWNER TO spaceport_trail_owner;
ALTER FUNCTION note_words_again() OWNER TO spaceport_trail_owner;
REVOKE EXECUTE ON FUNCTION index_trail_chunk(bigint), index_trail(int), note_words_again() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION index_trail(int) TO spaceport_worker;
GRANT SELECT ON "audit_words", "audit_words_state", "audit_words_again" TO spaceport_web, spaceport_worker;
