-- What a login may write to the trail is bounded where it is written (ADR 70): the times of a row, who may write the kinds of
-- rows that the verifier relies on, and what a pseudonym may put in the place of a name.

-- Which role writes an action; null: any login that may write to the trail. Outcomes are free: the worker writes those that
-- a process could not.
CREATE FUNCTION trail_writer(action text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE action
    WHEN 'person.pseudonymise' THEN 'spaceport_pseudonymiser'
    WHEN 'person.pseudonymise-rows' THEN 'spaceport_trail_owner'
    WHEN 'trail.archive' THEN 'spaceport_trail_owner'
    WHEN 'cluster.unmatched' THEN 'spaceport_trail_owner'
    WHEN 'sealed-code.make' THEN 'spaceport_trail_owner'
    WHEN 'sealed-code.void' THEN 'spaceport_trail_owner'
    WHEN 'audit-webhook.make' THEN 'spaceport_trail_owner'
    WHEN 'audit-webhook.void' THEN 'spaceport_trail_owner'
    WHEN 'cluster.rebuild' THEN 'spaceport_trail_owner'
    WHEN 'database.rebuild' THEN 'spaceport_trail_owner'
    WHEN 'trail.verified' THEN 'spaceport_worker'
    WHEN 'offboarding.complete' THEN 'spaceport_worker'
    WHEN 'person.offboard' THEN 'spaceport_web'
    WHEN 'person.reactivate' THEN 'spaceport_web'
  END
$$;

-- A detail with something added; one that is no object, or is too long for that, gives way.
CREATE FUNCTION trail_detail_with(detail jsonb, added jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN pg_catalog.octet_length(detail::text) > 65000 THEN added || '{"truncated": true}'
    WHEN pg_catalog.jsonb_typeof(detail) = 'object' THEN detail || added
    ELSE added || pg_catalog.jsonb_build_object('detail', detail) END
$$;

-- How far a row's own time may be from the database's: clocks differ by up to five minutes, and outcomes are tried again for
-- ten. A cluster's report may be late by as long as it was cut off.
CREATE FUNCTION is_trail_time(at timestamptz, recorded_at timestamptz, route text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT at <= recorded_at + interval '5 minutes'
    AND (route IS NOT NULL OR at >= recorded_at - interval '30 minutes')
$$;

-- A time further off is replaced with the database's, and kept in the detail: the row is written in any case, unless the time
-- is none that can be written. Not for the tables' owner, whom no trigger binds, unless an operator's command wrote the row.
CREATE FUNCTION guard_trail_row() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  writer text := public.trail_writer(NEW.action);
  is_owner boolean := pg_has_role(current_user, 'spaceport_trail_owner', 'MEMBER');
BEGIN
  IF writer IS NOT NULL AND NEW.intent_id IS NULL AND NOT is_owner AND NOT pg_has_role(current_user, writer, 'MEMBER') THEN
    RAISE EXCEPTION 'permission denied to write % to the trail: only % does', NEW.action, writer USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (NOT is_owner OR current_user = 'spaceport_trail_owner' OR NEW.observer LIKE 'command/%') AND NOT public.is_trail_time(NEW.at, NEW.recorded_at, NEW.route)
    AND NEW.at >= '1970-01-01Z' AND NEW.at < '9999-01-01Z' THEN
    NEW.detail := public.trail_detail_with(NEW.detail, jsonb_build_object('claimedAt', public.trail_time(NEW.at)));
    NEW.at := date_trunc('milliseconds', NEW.recorded_at);
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER "audit_event_guard" BEFORE INSERT ON "audit_event" FOR EACH ROW
  WHEN (NEW.at > NEW.recorded_at + interval '5 minutes' OR NEW.at < NEW.recorded_at - interval '30 minutes' OR trail_writer(NEW.action) IS NOT NULL)
  EXECUTE FUNCTION guard_trail_row();

-- The highest seq that is sealed: what is below it and waits was in a transaction that stayed open.
ALTER TABLE "audit_turn" ADD COLUMN "highest" BIGINT;
-- brief: one row
UPDATE "audit_turn" SET "highest" = (SELECT max(e.seq) FROM audit_event e WHERE NOT EXISTS (SELECT FROM audit_unsealed u WHERE u.seq = e.seq))
  WHERE "name" = 'seal';

-- Only ever added to, with two exceptions: what is personal in a row may be replaced once its salt goes with it, and the
-- function that seals corrects the times of rows that no block has yet.
CREATE OR REPLACE FUNCTION audit_event_is_append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  replaceable CONSTANT text[] := ARRAY['actor_handle', 'actor_name', 'target_name', 'source_address', 'user_agent', 'detail', 'salt', 'personal_hash'];
  timed CONSTANT text[] := ARRAY['recorded_at', 'at', 'detail'];
BEGIN
  IF TG_OP = 'UPDATE' AND TG_ARGV[0] = 'but for pseudonyms' THEN
    IF NEW.salt IS NULL AND (OLD.salt IS NOT NULL OR current_user = 'spaceport_trail_owner') AND to_jsonb(NEW) - replaceable = to_jsonb(OLD) - replaceable THEN
      NEW.personal_hash := public.trail_personal_hash(OLD);
      RETURN NEW;
    END IF;
    IF current_user = 'spaceport_trail_owner' AND NEW.recorded_at > OLD.recorded_at AND to_jsonb(NEW) - timed = to_jsonb(OLD) - timed
      AND EXISTS (SELECT FROM public.audit_unsealed u WHERE u.seq = OLD.seq) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;

-- As before, but that a row whose transaction stayed open for more than a minute while later rows were sealed gets the time
-- of its sealing; when it was inserted stays in its detail. So no login can have a row say that it was there earlier.
CREATE OR REPLACE FUNCTION seal_trail(max_rows int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  sealed int := 0;
  last record;
  top bigint;
  picked bigint[];
  of_month int;
  hashes bytea;
  linked bytea;
  count int;
  oldest timestamptz;
  stamp timestamptz(6);
  at timestamptz(6);
  hashed bytea;
BEGIN
  -- In an older snapshot the end of the chain is another.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'the trail is sealed in a transaction that is read committed' USING ERRCODE = 'invalid_transaction_state';
  END IF;
  IF NOT EXISTS (SELECT FROM public.audit_unsealed) THEN RETURN 0; END IF;
  SELECT t.highest INTO top FROM public.audit_turn t WHERE t.name = 'seal' FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN 0; END IF;
  SELECT number, hash, sealed_at INTO last FROM public.audit_block ORDER BY number DESC LIMIT 1;
  IF NOT FOUND THEN
    -- Its months may all be archived.
    SELECT last_block AS number, head AS hash, NULL::timestamptz AS sealed_at INTO last FROM public.audit_archive WHERE last_block IS NOT NULL ORDER BY last_block DESC LIMIT 1;
  END IF;
  IF NOT FOUND THEN
    SELECT 0::bigint AS number, decode(repeat('00', 32), 'hex') AS hash, NULL::timestamptz AS sealed_at INTO last;
  END IF;
  WHILE sealed < max_rows LOOP
    SELECT array_agg(seq ORDER BY seq) INTO picked FROM (
      SELECT seq, min(seq / 1000000000000) OVER () AS first, seq / 1000000000000 AS month
      FROM (SELECT seq FROM public.audit_unsealed ORDER BY seq LIMIT least(1000, max_rows - sealed)) waiting) waiting WHERE month = first;
    EXIT WHEN picked IS NULL;
    of_month := picked[1] / 1000000000000;
    FOR attempt IN 1..2 LOOP
      SELECT string_agg(h, ''::bytea ORDER BY seq), string_agg(int8send(seq) || h, ''::bytea ORDER BY seq), count(*), min(recorded_at) FILTER (WHERE seq < top)
        INTO hashes, linked, count, oldest FROM (
        SELECT p.seq, CASE WHEN e.seq IS NULL THEN decode(repeat('00', 32), 'hex') ELSE public.trail_row_hash(e) END AS h, e.recorded_at
        FROM unnest(picked) AS p(seq) LEFT JOIN public.audit_event e
          ON e.seq = p.seq AND e.seq BETWEEN picked[1] AND picked[cardinality(picked)]) rows;
      EXIT WHEN oldest IS NULL OR last.sealed_at IS NULL OR oldest >= last.sealed_at - interval '1 minute';
      stamp := clock_timestamp();
      UPDATE public.audit_event e SET recorded_at = stamp,
          at = CASE WHEN public.is_trail_time(e.at, stamp, e.route) THEN e.at ELSE date_trunc('milliseconds', stamp) END,
          detail = public.trail_detail_with(e.detail, jsonb_build_object('insertedAt', public.trail_time(e.recorded_at))
            || CASE WHEN public.is_trail_time(e.at, stamp, e.route) THEN '{}' ELSE jsonb_build_object('claimedAt', public.trail_time(e.at)) END)
        WHERE e.seq = ANY (picked) AND e.seq BETWEEN picked[1] AND picked[cardinality(picked)] AND e.seq < top AND e.recorded_at < last.sealed_at - interval '1 minute';
    END LOOP;
    DELETE FROM public.audit_unsealed WHERE seq = ANY (picked);
    at := clock_timestamp();
    hashed := sha256(convert_to('spaceport block 1;' || public.trail_value((last.number + 1)::text) || public.trail_value(of_month::text)
      || public.trail_value(encode(last.hash, 'hex')) || public.trail_value(public.trail_time(at)) || public.trail_value(count::text), 'UTF8') || linked);
    INSERT INTO public.audit_block (number, month, previous, hash, sealed_at, rows, seqs, row_hashes)
      VALUES (last.number + 1, of_month, last.hash, hashed, at, count, picked, hashes);
    SELECT last.number + 1 AS number, hashed AS hash, at AS sealed_at INTO last;
    PERFORM pg_notify('spaceport_trail', last.number::text);
    top := greatest(top, picked[cardinality(picked)]);
    sealed := sealed + count;
  END LOOP;
  UPDATE public.audit_turn t SET highest = top WHERE t.name = 'seal' AND t.highest IS DISTINCT FROM top;
  RETURN sealed;
END
$$;

-- What a pseudonym put into a row, bound to what is known of what was there: its salted hash.
CREATE FUNCTION trail_replacement_hash(committed bytea, actor_handle text, actor_name text, target_name text, source_address text,
  user_agent text, detail jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to('spaceport replaced 1;' || pg_catalog.encode(committed, 'hex') || ';'
    || public.trail_value(actor_handle) || public.trail_value(actor_name) || public.trail_value(target_name)
    || public.trail_value(source_address) || public.trail_value(user_agent) || public.trail_value(detail::text), 'UTF8')), 'hex')
$$;

-- As before, but that the record has the hash of what is put into each row.
CREATE OR REPLACE FUNCTION pseudonymise_trail(p_month text, p_person uuid, p_handle text, p_terms jsonb, p_any text, p_from bigint, p_until bigint, p_run uuid)
  RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  seqs bigint[];
  hashes text[];
  -- Not into what records this, of which the verifier needs every word.
  matched text := format('FROM %I e WHERE e.ctid >= %L AND e.ctid < %L AND e.action NOT LIKE ''person.pseudonymise%%'' AND (e.actor_id = $1 OR e.target_kind = ''person'' AND e.target_id = $1::text
    OR concat_ws(E''\n'', e.actor_handle, e.actor_name, e.target_name, e.user_agent, e.detail::text) ~* $4)', p_month, format('(%s,0)', p_from), format('(%s,0)', p_until));
  hidden text := 'CASE WHEN e.actor_id = $1 AND e.actor_handle IS NOT NULL THEN $2 ELSE hide_in_text(e.actor_handle, $3) END,
    CASE WHEN e.actor_id = $1 AND e.actor_name IS NOT NULL THEN ''Former person'' WHEN e.actor_id IS NOT NULL THEN e.actor_name ELSE hide_in_text(e.actor_name, $3) END,
    CASE WHEN e.target_kind = ''person'' AND e.target_id = $1::text AND e.target_name IS NOT NULL THEN $2 ELSE hide_in_text(e.target_name, $3) END,
    CASE WHEN e.actor_id = $1 THEN NULL ELSE e.source_address END,
    CASE WHEN e.actor_id = $1 THEN NULL ELSE hide_in_text(e.user_agent, $3) END,
    hide_in_json(e.detail, $3)';
BEGIN
  IF p_month !~ '^audit_event_(before|[0-9]{6})$' THEN RAISE EXCEPTION 'not a month of the trail'; END IF;
  EXECUTE format('SELECT coalesce(array_agg(m.seq ORDER BY m.seq), ''{}''), array_agg(m.hash ORDER BY m.seq) FROM (
      SELECT e.seq, trail_replacement_hash(trail_personal_hash(ROW (e.*)::audit_event), %s) AS hash %s
        AND (%s) IS DISTINCT FROM (e.actor_handle, e.actor_name, e.target_name, e.source_address, e.user_agent, e.detail)) m', hidden, matched, hidden)
    INTO seqs, hashes USING p_person, p_handle, p_terms, p_any;
  IF p_run IS NULL OR cardinality(seqs) = 0 THEN RETURN cardinality(seqs); END IF;
  INSERT INTO audit_event (id, action, at, actor_kind, actor_name, target_kind, target_id, target_name, observer, destination, outcome, detail)
    SELECT gen_random_uuid(), 'person.pseudonymise-rows', now(), 'system', 'command', 'person', p_person, p_handle, i.observer, 'portal', 'ok',
      jsonb_build_object('of', p_run, 'rows', (SELECT jsonb_object_agg(r.seq::text, r.hash) FROM unnest(seqs[n:n + 149], hashes[n:n + 149]) r(seq, hash)))
    FROM generate_series(1, cardinality(seqs), 150) n, audit_event i WHERE i.id = p_run;
  -- By way of the whole trail, as far as the month is in it: that has the search's words made again.
  EXECUTE format('UPDATE %I e SET (actor_handle, actor_name, target_name, source_address, user_agent, detail) = ROW (%s),
    personal_hash = trail_personal_hash(ROW (e.*)::audit_event), salt = NULL WHERE e.seq = ANY ($4)',
    CASE WHEN EXISTS (SELECT FROM pg_inherits WHERE inhrelid = p_month::regclass) THEN 'audit_event' ELSE p_month END, hidden)
    USING p_person, p_handle, p_terms, seqs;
  RETURN cardinality(seqs);
END
$$;

-- As before, but that the trail, too, has to say that they are gone: the verifier holds a pseudonym against it.
CREATE OR REPLACE FUNCTION begin_pseudonym(p_handle text, p_host text) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person uuid := leaver_of(p_handle);
  run uuid;
  chosen text := 'former-' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 10);
BEGIN
  IF p_host IS NULL OR p_host !~ '^[A-Za-z0-9._-]{1,253}$' THEN
    RAISE EXCEPTION 'not a host’s name' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM FROM user_account WHERE id = person FOR NO KEY UPDATE;
  SELECT id INTO run FROM pseudonym WHERE person_id = person AND finished_at IS NULL;
  IF FOUND THEN RETURN run; END IF;
  IF EXISTS (SELECT FROM audit_event back WHERE back.action = 'person.reactivate' AND back.intent_id IS NULL AND back.target_id = person::text
      AND (back.outcome IS NULL OR back.outcome = 'ok') AND back.seq > coalesce((SELECT max(c.seq) FROM audit_event c
        WHERE c.action = 'offboarding.complete' AND c.intent_id IS NULL AND c.target_id = person::text), 9223372036854775807)
      AND NOT EXISTS (SELECT FROM audit_event o WHERE o.intent_id = back.id AND o.outcome <> 'ok')) THEN
    RAISE EXCEPTION 'the trail says that they were reactivated since: offboard them again first' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  INSERT INTO pseudonym (id, person_id, handle, was, terms, started_at)
    SELECT gen_random_uuid(), person, chosen, u.handle, person_terms(person, chosen), now() FROM user_account u WHERE u.id = person RETURNING id INTO run;
  INSERT INTO audit_event (id, action, at, actor_kind, actor_name, target_kind, target_id, target_name, observer, destination, detail)
    VALUES (run, 'person.pseudonymise', now(), 'system', 'command', 'person', person, chosen, 'command/' || p_host, 'portal', jsonb_build_object('login', session_user));
  RETURN run;
END
$$;

-- Earlier records name rows without a hash: they are written again, with that of what is in the rows now.
INSERT INTO "audit_event" ("id", "action", "at", "actor_kind", "actor_name", "target_kind", "target_id", "target_name", "observer", "destination", "outcome", "detail")
  SELECT gen_random_uuid(), 'person.pseudonymise-rows', now(), 'system', 'command', 'person', n.target_id, n.target_name, n.observer, 'portal', 'ok',
    jsonb_build_object('of', n.run, 'rows', jsonb_object_agg(n.seq::text, n.hash), 'again', true)
  FROM (
    SELECT DISTINCT ON (r.id, e.seq) r.id, r.target_id, r.target_name, r.observer, r.detail ->> 'of' AS run, e.seq,
      trail_replacement_hash(e.personal_hash, e.actor_handle, e.actor_name, e.target_name, e.source_address, e.user_agent, e.detail) AS hash
    FROM audit_event r CROSS JOIN LATERAL jsonb_array_elements_text(CASE WHEN jsonb_typeof(r.detail -> 'seqs') = 'array' THEN r.detail -> 'seqs' END) s(seq)
      JOIN audit_event e ON e.seq = CASE WHEN s.seq ~ '^[0-9]{1,18}$' THEN s.seq::bigint END AND e.personal_hash IS NOT NULL
    WHERE r.action = 'person.pseudonymise-rows' AND r.personal_hash IS NULL) n
  GROUP BY n.id, n.target_id, n.target_name, n.observer, n.run;

ALTER FUNCTION guard_trail_row() OWNER TO spaceport_trail_owner;
REVOKE EXECUTE ON FUNCTION guard_trail_row() FROM PUBLIC;
