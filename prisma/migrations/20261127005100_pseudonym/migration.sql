-- A person who left for good gets a pseudonym wherever the database has a copy of their name, address or handle, when the law
-- asks for it (ADR 43, docs/personal-data.md). An operator’s command does it as spaceport_archiver, by the functions below;
-- they run as a role that owns them, and may do what they do and nothing else.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'spaceport_pseudonymiser') THEN
    CREATE ROLE spaceport_pseudonymiser NOLOGIN;
  END IF;
  IF NOT pg_has_role('spaceport_pseudonymiser', 'USAGE') THEN
    GRANT spaceport_pseudonymiser TO CURRENT_USER;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL;
END
$$;
GRANT USAGE, CREATE ON SCHEMA public TO spaceport_pseudonymiser;

-- Who got which pseudonym. While it is being given, what is looked for is kept here, and nowhere else.
CREATE TABLE "pseudonym" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "handle" TEXT NOT NULL,
    "terms" JSONB,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "rows" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "pseudonym_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "pseudonym_terms" CHECK (("terms" IS NULL) = ("finished_at" IS NOT NULL))
);
CREATE UNIQUE INDEX "pseudonym_handle_key" ON "pseudonym"("handle");
CREATE UNIQUE INDEX "pseudonym_open_key" ON "pseudonym"("person_id") WHERE "finished_at" IS NULL;
ALTER TABLE "pseudonym" ADD CONSTRAINT "pseudonym_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A certificate or a report in which a pseudonym stands is no longer the file whose SHA-256 the trail has.
ALTER TABLE "offboarding" ADD COLUMN "pseudonymised_at" TIMESTAMPTZ(3);
ALTER TABLE "review" ADD COLUMN "pseudonymised_at" TIMESTAMPTZ(3);

CREATE OR REPLACE FUNCTION refuse_closed_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user <> 'spaceport_pseudonymiser' AND EXISTS (SELECT FROM touched t JOIN review v ON v.id = t.review_id WHERE v.state = 'closed') THEN
    RAISE EXCEPTION 'the review is closed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION guard_deactivation() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF has_column_privilege('user_account', 'platform_role', 'UPDATE') THEN RETURN NEW; END IF;
  IF current_user = 'spaceport_pseudonymiser' AND OLD.deactivated_at IS NOT DISTINCT FROM NEW.deactivated_at THEN RETURN NEW; END IF;
  IF OLD.deactivated_at IS NULL AND NEW.deactivated_at IS NOT NULL AND may_deactivate_unseen(OLD.id) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'permission denied to deactivate or reactivate this person' USING ERRCODE = 'insufficient_privilege';
END
$$;

-- A row of the trail in which two people stand is pseudonymised twice, by the function below: its hash stays what it was.
CREATE OR REPLACE FUNCTION audit_event_is_append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  replaceable CONSTANT text[] := ARRAY['actor_handle', 'actor_name', 'target_name', 'source_address', 'user_agent', 'detail', 'salt', 'personal_hash'];
BEGIN
  IF TG_OP = 'UPDATE' AND TG_ARGV[0] = 'but for pseudonyms' THEN
    IF NEW.salt IS NULL AND (OLD.salt IS NOT NULL OR current_user = 'spaceport_trail_owner') AND to_jsonb(NEW) - replaceable = to_jsonb(OLD) - replaceable THEN
      NEW.personal_hash := public.trail_personal_hash(OLD);
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Texts without a person: each of the terms is a pattern to find and what to put in its place.
CREATE FUNCTION hide_in_text(value text, terms jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  term jsonb;
BEGIN
  FOR term IN SELECT jsonb_array_elements(terms) LOOP
    value := regexp_replace(value, term ->> 'find', term ->> 'put', 'gi');
  END LOOP;
  RETURN value;
END
$$;
CREATE FUNCTION hide_in_json(value jsonb, terms jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN CASE jsonb_typeof(value)
    WHEN 'string' THEN to_jsonb(hide_in_text(value #>> '{}', terms))
    WHEN 'array' THEN (SELECT coalesce(jsonb_agg(hide_in_json(e.item, terms) ORDER BY e.place), '[]') FROM jsonb_array_elements(value) WITH ORDINALITY AS e(item, place))
    WHEN 'object' THEN (SELECT coalesce(jsonb_object_agg(hide_in_text(e.key, terms), hide_in_json(e.value, terms)), '{}') FROM jsonb_each(value) e)
    ELSE value END;
END
$$;
CREATE FUNCTION hide_in_list(value text[], terms jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(hide_in_text(e.item, terms) ORDER BY e.place), '{}') FROM unnest(value) WITH ORDINALITY AS e(item, place)
$$;
-- A pattern that finds a text literally, as a word of its own.
CREATE FUNCTION word_pattern(value text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT '(?<![[:alnum:]])' || regexp_replace(value, '([^[:alnum:] ])', '\\\1', 'g') || '(?![[:alnum:]])'
$$;

-- What stands for a person in texts: their handle, their addresses, and the names that they had. Not a name that somebody
-- else has too, alone or as a part: it is theirs as well.
CREATE FUNCTION person_terms(person uuid, pseudonym text) RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  WITH known(kind, value) AS (
    SELECT 'handle', handle FROM user_account WHERE id = person
    UNION SELECT 'address', email FROM user_account WHERE id = person
    UNION SELECT 'address', user_name FROM scim_user WHERE user_id = person AND user_name LIKE '%@%'
    UNION SELECT 'address', m.value ->> 'value' FROM scim_user s, jsonb_array_elements(CASE WHEN jsonb_typeof(s.attributes -> 'emails') = 'array' THEN s.attributes -> 'emails' ELSE '[]' END) m(value) WHERE s.user_id = person
    UNION SELECT 'name', name FROM user_account WHERE id = person
    UNION SELECT 'name', display_name FROM scim_user WHERE user_id = person
    UNION SELECT 'name', holder_name FROM review_line WHERE user_id = person
    UNION SELECT 'name', actor_name FROM audit_event WHERE actor_id = person AND intent_id IS NULL AND (route IS NULL OR route = 'around') AND action = 'session.sign-in'),
  spelled AS (
    SELECT kind, value, CASE kind WHEN 'name' THEN 'Former person' WHEN 'handle' THEN pseudonym ELSE pseudonym || '@person.invalid' END AS put
    FROM known WHERE length(value) >= 3
    UNION SELECT kind, replace(value, '@', '%40'), pseudonym || '%40person.invalid' FROM known WHERE kind = 'address'
    -- As it stands inside of JSON that is kept as a text.
    UNION SELECT kind, j.inside, 'Former person' FROM known, substr(to_jsonb(value)::text, 2, length(to_jsonb(value)::text) - 2) j(inside) WHERE kind = 'name' AND j.inside <> value)
  SELECT coalesce(jsonb_agg(jsonb_build_object('find', CASE s.kind WHEN 'handle' THEN regexp_replace(s.value, '([^[:alnum:] ])', '\\\1', 'g') ELSE word_pattern(s.value) END, 'put', s.put)
    ORDER BY s.kind = 'name', length(s.value) DESC, s.value), '[]') FROM spelled s
  WHERE s.kind <> 'name' OR NOT EXISTS (SELECT FROM user_account o WHERE o.id <> person AND o.name ~* word_pattern(s.value))
$$;

-- Of whom the functions below may be asked: somebody who was offboarded and whose certificate is complete.
CREATE FUNCTION leaver_of(p_handle text) RETURNS uuid LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person uuid;
BEGIN
  SELECT id INTO person FROM user_account WHERE handle = p_handle;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'nobody has the handle %', p_handle USING ERRCODE = 'no_data_found';
  END IF;
  IF NOT EXISTS (SELECT FROM offboarding o JOIN user_account u ON u.id = o.person_id
      WHERE o.person_id = person AND o.reactivated_at IS NULL AND o.completed_at IS NOT NULL AND u.deactivated_at IS NOT NULL) THEN
    RAISE EXCEPTION 'they have to be offboarded first, and the certificate of it to be complete' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  RETURN person;
END
$$;

-- Begins, after the intent is in the trail, or goes on with what was begun. Returns its id, which is that of the intent.
CREATE FUNCTION begin_pseudonym(p_handle text, p_host text) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
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
  INSERT INTO pseudonym (id, person_id, handle, terms, started_at) VALUES (gen_random_uuid(), person, chosen, person_terms(person, chosen), now()) RETURNING id INTO run;
  INSERT INTO audit_event (id, action, at, actor_kind, actor_name, target_kind, target_id, target_name, observer, destination, detail)
    VALUES (run, 'person.pseudonymise', now(), 'system', 'command', 'person', person, chosen, 'command/' || p_host, 'portal', jsonb_build_object('login', session_user));
  RETURN run;
END
$$;

-- The columns whose texts are looked through: those that the role may change, but for the person's own account, which comes last.
CREATE FUNCTION pseudonym_columns() RETURNS TABLE ("of_table" text, "of_column" text, "of_type" regtype) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT c.relname::text, a.attname::text, a.atttypid::regtype FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    AND a.atttypid IN ('text'::regtype, 'jsonb'::regtype, 'text[]'::regtype) AND has_column_privilege(c.oid, a.attnum, 'UPDATE')
    AND c.relname <> 'pseudonym' AND (c.relname, a.attname) NOT IN (('user_account', 'handle'), ('user_account', 'name'), ('user_account', 'email'),
      ('user_account', 'subject'), ('user_account', 'left_out_groups'), ('user_account', 'mail_choices'), ('credential', 'last_used_address'))
$$;
-- The tables to go through, the trail's months included, and how many pages each has.
CREATE FUNCTION pseudonym_tables() RETURNS TABLE ("name" text, "pages" bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT c.relname::text, pg_relation_size(c.oid) / current_setting('block_size')::bigint FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    AND (c.relname ~ '^audit_event_(before|[0-9]{6})$' OR EXISTS (SELECT FROM pseudonym_columns() p WHERE p.of_table = c.relname))
  ORDER BY 1
$$;

-- Puts the pseudonym into one stretch of a month of the trail: into rows by the person, rows about them, and texts that hold
-- them. Which rows is recorded in the trail first. Returns how many.
CREATE FUNCTION pseudonymise_trail(p_month text, p_person uuid, p_handle text, p_terms jsonb, p_any text, p_from bigint, p_until bigint, p_run uuid)
  RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  seqs bigint[];
  -- Not into what records this, of which the verifier needs every word.
  matched text := format('FROM %I e WHERE e.ctid >= %L AND e.ctid < %L AND e.action NOT LIKE ''person.pseudonymise%%'' AND (e.actor_id = $1 OR e.target_kind = ''person'' AND e.target_id = $1::text
    OR concat_ws(E''\n'', e.actor_handle, e.actor_name, e.target_name, e.user_agent, e.detail::text) ~* $4)', p_month, format('(%s,0)', p_from), format('(%s,0)', p_until));
  hidden text := 'CASE WHEN e.actor_id = $1 AND e.actor_handle IS NOT NULL THEN $2 ELSE hide_in_text(e.actor_handle, $3) END,
    CASE WHEN e.actor_id = $1 AND e.actor_name IS NOT NULL THEN ''Former person'' ELSE hide_in_text(e.actor_name, $3) END,
    CASE WHEN e.target_kind = ''person'' AND e.target_id = $1::text AND e.target_name IS NOT NULL THEN $2 ELSE hide_in_text(e.target_name, $3) END,
    CASE WHEN e.actor_id = $1 THEN NULL ELSE e.source_address END,
    CASE WHEN e.actor_id = $1 THEN NULL ELSE hide_in_text(e.user_agent, $3) END,
    hide_in_json(e.detail, $3)';
BEGIN
  IF p_month !~ '^audit_event_(before|[0-9]{6})$' THEN RAISE EXCEPTION 'not a month of the trail'; END IF;
  EXECUTE format('SELECT coalesce(array_agg(e.seq ORDER BY e.seq), ''{}'') %s AND (%s) IS DISTINCT FROM
    (e.actor_handle, e.actor_name, e.target_name, e.source_address, e.user_agent, e.detail)', matched, hidden)
    INTO seqs USING p_person, p_handle, p_terms, p_any;
  IF p_run IS NULL OR cardinality(seqs) = 0 THEN RETURN cardinality(seqs); END IF;
  INSERT INTO audit_event (id, action, at, actor_kind, actor_name, target_kind, target_id, target_name, observer, destination, outcome, detail)
    SELECT gen_random_uuid(), 'person.pseudonymise-rows', now(), 'system', 'command', 'person', p_person, p_handle, i.observer, 'portal', 'ok',
      jsonb_build_object('of', p_run, 'seqs', (SELECT jsonb_agg(s::text ORDER BY s) FROM unnest(seqs[n:n + 399]) s))
    FROM generate_series(1, cardinality(seqs), 400) n, audit_event i WHERE i.id = p_run;
  -- By way of the whole trail, as far as the month is in it: that has the search's words made again.
  EXECUTE format('UPDATE %I e SET (actor_handle, actor_name, target_name, source_address, user_agent, detail) = ROW (%s),
    personal_hash = trail_personal_hash(ROW (e.*)::audit_event), salt = NULL WHERE e.seq = ANY ($4)',
    CASE WHEN EXISTS (SELECT FROM pg_inherits WHERE inhrelid = p_month::regclass) THEN 'audit_event' ELSE p_month END, hidden)
    USING p_person, p_handle, p_terms, seqs;
  RETURN cardinality(seqs);
END
$$;

-- Puts the pseudonym into one stretch of a table, 500 pages from p_from on; or, dry, only counts. Returns how many rows.
CREATE FUNCTION pseudonymise_pages(p_handle text, p_table text, p_from bigint, p_dry boolean) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person uuid := leaver_of(p_handle);
  run record;
  terms jsonb;
  anything text;
  sets text;
  wheres text;
  touched bigint;
BEGIN
  SELECT p.id, p.handle, p.terms INTO run FROM pseudonym p WHERE p.person_id = person AND p.finished_at IS NULL;
  IF NOT FOUND THEN
    IF NOT p_dry THEN RAISE EXCEPTION 'begin first' USING ERRCODE = 'object_not_in_prerequisite_state'; END IF;
    SELECT NULL::uuid AS id, 'former-' AS handle, person_terms(person, 'former-') AS terms INTO run;
  END IF;
  SELECT string_agg('(?:' || (t.term ->> 'find') || ')', '|') INTO anything FROM jsonb_array_elements(run.terms) t(term);
  IF p_table ~ '^audit_event_(before|[0-9]{6})$' THEN
    touched := pseudonymise_trail(p_table, person, run.handle, run.terms, anything, p_from, p_from + 500, CASE WHEN NOT p_dry THEN run.id END);
  ELSE
    SELECT string_agg(CASE
        WHEN (c.of_table, c.of_column) = ('request', 'payload')
          -- The names of spaces are not a person's.
          THEN 'payload = hide_in_json(payload, $1) || jsonb_strip_nulls(jsonb_build_object(''name'', payload -> ''name'', ''space'', payload -> ''space'', ''cluster'', payload -> ''cluster''))'
        WHEN c.of_type = 'text[]'::regtype THEN format('%1$I = hide_in_list(%1$I, $1)', c.of_column)
        WHEN c.of_type = 'jsonb'::regtype THEN format('%1$I = hide_in_json(%1$I, $1)', c.of_column)
        ELSE format('%1$I = hide_in_text(%1$I, $1)', c.of_column) END, ', '),
      string_agg(CASE WHEN c.of_type = 'text[]'::regtype THEN format('array_to_string(%I, E''\n'') ~* $2', c.of_column)
        WHEN (c.of_table, c.of_column) = ('request', 'payload') THEN '(payload - ''name'' - ''space'' - ''cluster'')::text ~* $2'
        ELSE format('%I::text ~* $2', c.of_column) END, ' OR ')
      INTO sets, wheres FROM pseudonym_columns() c WHERE c.of_table = p_table;
    IF sets IS NULL THEN RAISE EXCEPTION 'no such table'; END IF;
    IF p_table = 'offboarding' THEN
      sets := sets || ', pseudonymised_at = CASE WHEN certificate ~* $2 THEN now() ELSE pseudonymised_at END';
    END IF;
    wheres := format('ctid >= %L AND ctid < %L AND (%s)', format('(%s,0)', p_from), format('(%s,0)', p_from + 500), wheres);
    IF p_dry THEN
      EXECUTE format('SELECT count(*) FROM %I WHERE $1 IS NOT NULL AND (%s)', p_table, wheres) INTO touched USING run.terms, anything;
    ELSIF p_table = 'review_report' THEN
      EXECUTE format('WITH changed AS (UPDATE review_report SET %s WHERE %s RETURNING review_id),
        noted AS (UPDATE review SET pseudonymised_at = now() WHERE id IN (SELECT review_id FROM changed))
        SELECT count(*) FROM changed', sets, wheres) INTO touched USING run.terms, anything;
    ELSE
      EXECUTE format('WITH changed AS (UPDATE %I SET %s WHERE %s RETURNING 1) SELECT count(*) FROM changed', p_table, sets, wheres)
        INTO touched USING run.terms, anything;
    END IF;
  END IF;
  IF NOT p_dry THEN UPDATE pseudonym SET rows = rows + touched WHERE id = run.id; END IF;
  RETURN touched;
END
$$;

-- Removes what was only the person's, a thousand rows of each at a time; or, dry, counts it.
CREATE FUNCTION remove_own_rows(p_handle text, p_dry boolean) RETURNS TABLE ("name" text, "touched" bigint)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person uuid := leaver_of(p_handle);
  sought jsonb;
  anything text;
  own record;
BEGIN
  SELECT p.terms INTO sought FROM pseudonym p WHERE p.person_id = person AND p.finished_at IS NULL;
  IF NOT FOUND AND NOT p_dry THEN RAISE EXCEPTION 'begin first' USING ERRCODE = 'object_not_in_prerequisite_state'; END IF;
  SELECT string_agg('(?:' || (t.term ->> 'find') || ')', '|') INTO anything FROM jsonb_array_elements(coalesce(sought, person_terms(person, 'former-'))) t(term);
  FOR own IN SELECT * FROM (VALUES
      (1, 'session', 'user_id = $1'), (2, 'user_group', 'user_id = $1'), (3, 'space_use', 'user_id = $1'), (4, 'webhook', 'user_id = $1'),
      (5, 'notice', 'user_id = $1'), (6, 'scim_group_member', 'user_id = $1'), (7, 'scim_user', 'user_id = $1'),
      (8, 'mail_delivery', 'event_id IN (SELECT id FROM inbox_event WHERE user_id = $1)'),
      (9, 'webhook_delivery', 'event_id IN (SELECT id FROM inbox_event WHERE user_id = $1)'),
      (10, 'inbox_event', 'user_id = $1 AND NOT EXISTS (SELECT FROM mail_delivery d WHERE d.event_id = inbox_event.id) AND NOT EXISTS (SELECT FROM webhook_delivery d WHERE d.event_id = inbox_event.id)'),
      (11, 'rate_limit', 'strpos(key, $1::text) > 0 OR strpos(key, (SELECT subject FROM user_account WHERE id = $1)) > 0'),
      (12, 'cluster_sighting', 'concat_ws(E''\n'', user_name, credential_id, last_request) ~* $2'),
      -- Compressed, and made again in minutes.
      (13, 'trail_export', 'true'))
      AS o(place, "table", "where") ORDER BY o.place LOOP
    name := own."table";
    IF p_dry THEN
      EXECUTE format('SELECT count(*) FROM %I WHERE %s', own."table", own."where") INTO touched USING person, anything;
    ELSE
      EXECUTE format('WITH gone AS (DELETE FROM %1$I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I WHERE %2$s LIMIT 1000)) RETURNING 1) SELECT count(*) FROM gone',
        own."table", own."where") INTO touched USING person, anything;
    END IF;
    RETURN NEXT;
  END LOOP;
  name := 'credential';
  IF p_dry THEN
    SELECT count(*) INTO touched FROM credential WHERE user_id = person AND last_used_address IS NOT NULL;
  ELSE
    UPDATE credential SET last_used_address = NULL WHERE user_id = person AND last_used_address IS NOT NULL;
    GET DIAGNOSTICS touched = ROW_COUNT;
    UPDATE offboarding SET certificate = regexp_replace(certificate, '"subject":"(?:[^"\\]|\\.)*"', '"subject":"pseudonymised"'), pseudonymised_at = now()
      WHERE person_id = person AND certificate IS NOT NULL AND pseudonymised_at IS NULL;
  END IF;
  RETURN NEXT;
END
$$;

-- The last step: the account itself, and the outcome in the trail. The subject becomes its SHA-256, so that whoever signs in
-- as it is still the one who was shut out (lib/db/subject-pseudonym.ts). Returns the pseudonym.
CREATE FUNCTION finish_pseudonym(p_handle text, p_host text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person uuid := leaver_of(p_handle);
  run record;
BEGIN
  IF p_host IS NULL OR p_host !~ '^[A-Za-z0-9._-]{1,253}$' THEN
    RAISE EXCEPTION 'not a host’s name' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT * INTO run FROM pseudonym p WHERE p.person_id = person AND p.finished_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'begin first' USING ERRCODE = 'object_not_in_prerequisite_state'; END IF;
  UPDATE user_account SET handle = run.handle, name = 'Former person', email = run.handle || '@person.invalid', left_out_groups = '{}', mail_choices = '{}',
    subject = CASE WHEN subject LIKE 'pseudonymised:%' THEN subject
      ELSE 'pseudonymised:' || encode(sha256(convert_to(rtrim(issuer, '/') || E'\n' || subject, 'UTF8')), 'hex') END
    WHERE id = person;
  UPDATE pseudonym SET terms = NULL, finished_at = now() WHERE id = run.id;
  INSERT INTO audit_event (id, intent_id, action, at, actor_kind, actor_name, target_kind, target_id, target_name, observer, destination, outcome, detail)
    VALUES (gen_random_uuid(), run.id, 'person.pseudonymise', now(), 'system', 'command', 'person', person, run.handle, 'command/' || p_host, 'portal', 'ok',
      jsonb_build_object('login', session_user, 'rows', run.rows));
  RETURN run.handle;
END
$$;

ALTER TABLE "pseudonym" OWNER TO spaceport_pseudonymiser;
GRANT SELECT, REFERENCES ON "user_account" TO spaceport_pseudonymiser;
ALTER FUNCTION pseudonymise_trail(text, uuid, text, jsonb, text, bigint, bigint, uuid) OWNER TO spaceport_trail_owner;
REVOKE EXECUTE ON FUNCTION pseudonymise_trail(text, uuid, text, jsonb, text, bigint, bigint, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pseudonymise_trail(text, uuid, text, jsonb, text, bigint, bigint, uuid) TO spaceport_pseudonymiser;
DO $$
DECLARE
  each text;
BEGIN
  FOREACH each IN ARRAY ARRAY['person_terms(uuid, text)', 'leaver_of(text)', 'begin_pseudonym(text, text)', 'pseudonym_columns()', 'pseudonym_tables()',
    'pseudonymise_pages(text, text, bigint, boolean)', 'remove_own_rows(text, boolean)', 'finish_pseudonym(text, text)'] LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO spaceport_pseudonymiser', each);
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', each);
  END LOOP;
END
$$;
REVOKE CREATE ON SCHEMA public FROM spaceport_pseudonymiser;
GRANT EXECUTE ON FUNCTION begin_pseudonym(text, text), pseudonym_columns(), pseudonym_tables(), pseudonymise_pages(text, text, bigint, boolean),
  remove_own_rows(text, boolean), finish_pseudonym(text, text) TO spaceport_archiver;

GRANT SELECT ON "audit_event", "offboarding", "review", "review_report", "review_line", "inbox_event", "mail_delivery", "webhook_delivery", "scim_user",
  "scim_group_member", "session", "user_group", "space_use", "webhook", "notice", "rate_limit", "credential", "cluster", "scim_token", "space", "space_offer",
  "request", "request_approval", "policy_version", "offboarding_cluster", "cluster_sighting", "trail_export" TO spaceport_pseudonymiser;
GRANT INSERT ("id", "intent_id", "action", "at", "actor_kind", "actor_name", "target_kind", "target_id", "target_name", "observer", "destination",
  "outcome", "detail") ON "audit_event" TO spaceport_pseudonymiser;
GRANT USAGE ON SEQUENCE "audit_event_seq_seq" TO spaceport_pseudonymiser;
GRANT DELETE ON "session", "user_group", "space_use", "webhook", "notice", "scim_group_member", "scim_user", "mail_delivery", "webhook_delivery", "inbox_event",
  "rate_limit", "cluster_sighting", "trail_export" TO spaceport_pseudonymiser;
GRANT UPDATE ("handle", "name", "email", "subject", "left_out_groups", "mail_choices", "deactivation_reason", "admin_reason") ON "user_account" TO spaceport_pseudonymiser;
GRANT UPDATE ("last_used_address") ON "credential" TO spaceport_pseudonymiser;
GRANT UPDATE ("certificate", "reason", "ended", "pseudonymised_at") ON "offboarding" TO spaceport_pseudonymiser;
GRANT UPDATE ("allowed") ON "offboarding_cluster" TO spaceport_pseudonymiser;
GRANT UPDATE ("name", "scope", "close_reason", "pseudonymised_at") ON "review" TO spaceport_pseudonymiser;
GRANT UPDATE ("holder", "holder_name", "handles", "given_by", "reason", "binding") ON "review_line" TO spaceport_pseudonymiser;
GRANT UPDATE ("text") ON "review_report" TO spaceport_pseudonymiser;
GRANT UPDATE ("data") ON "inbox_event" TO spaceport_pseudonymiser;
GRANT UPDATE ("act") ON "notice" TO spaceport_pseudonymiser;
GRANT UPDATE ("last_error") ON "mail_delivery", "webhook_delivery" TO spaceport_pseudonymiser;
GRANT UPDATE ("rights_findings") ON "cluster" TO spaceport_pseudonymiser;
GRANT UPDATE ("name") ON "scim_token" TO spaceport_pseudonymiser;
GRANT UPDATE ("description", "failure_message", "steps") ON "space" TO spaceport_pseudonymiser;
GRANT UPDATE ("reason") ON "space_offer", "request_approval", "policy_version" TO spaceport_pseudonymiser;
GRANT UPDATE ("payload", "reason", "decision_reason") ON "request" TO spaceport_pseudonymiser;
-- What changes access tells so, by triggers.
GRANT INSERT ("subject"), SELECT ON "access_change" TO spaceport_pseudonymiser;
GRANT USAGE ON SEQUENCE "access_change_id_seq" TO spaceport_pseudonymiser;
