-- A pseudonym leaves nothing behind (ADR 43): tables are gone through again once the account has it, for what was written
-- meanwhile; a name that others have too goes from rows that say whose it was; names are found however they are spelled.
GRANT CREATE ON SCHEMA public TO spaceport_pseudonymiser;

-- The handle that was, until the run is finished: whoever is interrupted goes on by it.
ALTER TABLE "pseudonym" ADD COLUMN "was" TEXT;
UPDATE "pseudonym" p SET "was" = u.handle FROM user_account u WHERE u.id = p.person_id AND p.finished_at IS NULL;
ALTER TABLE "pseudonym" DROP CONSTRAINT "pseudonym_terms",
  ADD CONSTRAINT "pseudonym_terms" CHECK (num_nulls("terms", "was") = CASE WHEN "finished_at" IS NULL THEN 0 ELSE 2 END);

-- A pattern that finds a name: a word of its own; where words have no spaces between them, wherever it is; of one that is
-- hardly longer than a letter, only what is nothing else.
CREATE FUNCTION name_pattern(value text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE WHEN value ~ '[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]' THEN regexp_replace(value, '([^[:alnum:] ])', '\\\1', 'g')
    WHEN length(value) < 3 THEN '(?<![^\n"])' || regexp_replace(value, '([^[:alnum:] ])', '\\\1', 'g') || '(?![^\n"])'
    ELSE word_pattern(value) END
$$;
-- A pattern that finds an address, and not one that only ends or begins with it.
CREATE FUNCTION address_pattern(value text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT '(?<![[:alnum:]][._+-])' || word_pattern(value) || '(?![.-][[:alnum:]])'
$$;

-- What stands for a person in texts: their handle, their addresses, and the names that they had. What somebody else has too,
-- alone or as a part, is shared: it doesn’t find anything, and goes where something else says that it is about this person.
CREATE OR REPLACE FUNCTION person_terms(person uuid, pseudonym text) RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  WITH known(kind, value) AS (
    SELECT 'handle', handle FROM user_account WHERE id = person
    UNION SELECT 'address', email FROM user_account WHERE id = person
    UNION SELECT 'address', user_name FROM scim_user WHERE user_id = person AND user_name LIKE '%@%'
    UNION SELECT 'address', m.value ->> 'value' FROM scim_user s, jsonb_array_elements(CASE WHEN jsonb_typeof(s.attributes -> 'emails') = 'array' THEN s.attributes -> 'emails' ELSE '[]' END) m(value) WHERE s.user_id = person
    UNION SELECT 'name', name FROM user_account WHERE id = person
    UNION SELECT 'name', display_name FROM scim_user WHERE user_id = person
    UNION SELECT 'name', holder_name FROM review_line WHERE user_id = person
    UNION SELECT 'name', actor_name FROM audit_event WHERE actor_id = person AND intent_id IS NULL AND (route IS NULL OR route = 'around') AND action = 'session.sign-in'),
  -- An accented letter is one character or two, by whose keyboard it was typed on.
  composed AS (
    SELECT kind, value FROM known WHERE value <> ''
    UNION SELECT kind, normalize(value, NFC) FROM known WHERE getdatabaseencoding() = 'UTF8' AND value <> ''
    UNION SELECT kind, normalize(value, NFD) FROM known WHERE getdatabaseencoding() = 'UTF8' AND value <> ''),
  spelled AS (
    SELECT kind, value, CASE kind WHEN 'name' THEN 'Former person' WHEN 'handle' THEN pseudonym ELSE pseudonym || '@person.invalid' END AS put FROM composed
    UNION SELECT kind, replace(value, '@', '%40'), pseudonym || '%40person.invalid' FROM composed WHERE kind = 'address'
    -- As it stands inside of JSON that is kept as a text.
    UNION SELECT kind, j.inside, 'Former person' FROM composed, substr(to_jsonb(value)::text, 2, length(to_jsonb(value)::text) - 2) j(inside) WHERE kind = 'name' AND j.inside <> value),
  sought AS (
    SELECT s.kind, s.value, s.put, CASE s.kind WHEN 'handle' THEN regexp_replace(s.value, '([^[:alnum:] ])', '\\\1', 'g')
      WHEN 'name' THEN name_pattern(s.value) ELSE address_pattern(s.value) END AS find FROM spelled s)
  SELECT coalesce(jsonb_agg(jsonb_build_object('find', s.find, 'put', s.put, 'shared', s.kind <> 'handle' AND EXISTS (SELECT FROM user_account o
      WHERE o.id <> person AND CASE s.kind WHEN 'name' THEN o.name ~* s.find ELSE lower(o.email) = lower(replace(s.value, '%40', '@')) END))
    ORDER BY s.kind = 'name', length(s.value) DESC, s.value), '[]') FROM sought s
$$;
-- One pattern for several terms; null for none.
CREATE FUNCTION terms_pattern(terms jsonb, p_shared boolean) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT string_agg('(?:' || (t.term ->> 'find') || ')', '|') FROM jsonb_array_elements(terms) t(term)
  WHERE p_shared OR NOT coalesce((t.term -> 'shared')::boolean, false)
$$;

-- Of whom the functions below may be asked, by the handle that they have, or had when the run began: somebody who was
-- offboarded and whose certificate is complete. Of a pseudonym there is none.
CREATE OR REPLACE FUNCTION leaver_of(p_handle text) RETURNS uuid LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person uuid;
BEGIN
  SELECT p.person_id INTO person FROM pseudonym p JOIN user_account u ON u.id = p.person_id WHERE p.finished_at IS NULL AND p_handle IN (p.was, u.handle);
  IF NOT FOUND THEN
    SELECT u.id INTO person FROM user_account u WHERE u.handle = p_handle;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'nobody has the handle %', p_handle USING ERRCODE = 'no_data_found';
    END IF;
    -- Whoever was let in again after one has a name again.
    IF EXISTS (SELECT FROM pseudonym p JOIN user_account u ON u.id = p.person_id WHERE p.person_id = person AND p.handle = u.handle AND u.email = p.handle || '@person.invalid') THEN
      RAISE EXCEPTION 'they have a pseudonym already' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
  END IF;
  IF NOT EXISTS (SELECT FROM offboarding o JOIN user_account u ON u.id = o.person_id
      WHERE o.person_id = person AND o.reactivated_at IS NULL AND o.completed_at IS NOT NULL AND u.deactivated_at IS NOT NULL) THEN
    RAISE EXCEPTION 'they have to be offboarded first, and the certificate of it to be complete' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  RETURN person;
END
$$;

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
  INSERT INTO pseudonym (id, person_id, handle, was, terms, started_at)
    SELECT gen_random_uuid(), person, chosen, u.handle, person_terms(person, chosen), now() FROM user_account u WHERE u.id = person RETURNING id INTO run;
  INSERT INTO audit_event (id, action, at, actor_kind, actor_name, target_kind, target_id, target_name, observer, destination, detail)
    VALUES (run, 'person.pseudonymise', now(), 'system', 'command', 'person', person, chosen, 'command/' || p_host, 'portal', jsonb_build_object('login', session_user));
  RETURN run;
END
$$;

-- As before, but that somebody else’s name stays where they did something.
CREATE OR REPLACE FUNCTION pseudonymise_trail(p_month text, p_person uuid, p_handle text, p_terms jsonb, p_any text, p_from bigint, p_until bigint, p_run uuid)
  RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  seqs bigint[];
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

-- Puts the pseudonym into one stretch of a table, 500 pages from p_from on; or, dry, only counts. Returns how many rows. What
-- is shared goes from rows that also have something that is the person's alone, or that point to them.
CREATE OR REPLACE FUNCTION pseudonymise_pages(p_handle text, p_table text, p_from bigint, p_dry boolean) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person uuid := leaver_of(p_handle);
  run record;
  alone text;
  anything text;
  columns text;
  hidden text;
  texts text;
  links text;
  wheres text;
  touched bigint;
BEGIN
  SELECT p.id, p.handle, p.terms INTO run FROM pseudonym p WHERE p.person_id = person AND p.finished_at IS NULL;
  IF NOT FOUND THEN
    IF NOT p_dry THEN RAISE EXCEPTION 'begin first' USING ERRCODE = 'object_not_in_prerequisite_state'; END IF;
    SELECT NULL::uuid AS id, 'former-' AS handle, person_terms(person, 'former-') AS terms INTO run;
  END IF;
  alone := terms_pattern(run.terms, false);
  anything := terms_pattern(run.terms, true);
  IF p_table ~ '^audit_event_(before|[0-9]{6})$' THEN
    touched := pseudonymise_trail(p_table, person, run.handle, run.terms, alone, p_from, p_from + 500, CASE WHEN NOT p_dry THEN run.id END);
  ELSE
    SELECT string_agg(format('%I', c.of_column), ', '), string_agg(CASE
        WHEN (c.of_table, c.of_column) = ('request', 'payload')
          -- The names of spaces are not a person's.
          THEN 'hide_in_json(payload, $1) || jsonb_strip_nulls(jsonb_build_object(''name'', payload -> ''name'', ''space'', payload -> ''space'', ''cluster'', payload -> ''cluster''))'
        WHEN c.of_type = 'text[]'::regtype THEN format('hide_in_list(%I, $1)', c.of_column)
        WHEN c.of_type = 'jsonb'::regtype THEN format('hide_in_json(%I, $1)', c.of_column)
        ELSE format('hide_in_text(%I, $1)', c.of_column) END, ', '),
      string_agg(CASE WHEN c.of_type = 'text[]'::regtype THEN format('array_to_string(%I, E''\n'')', c.of_column)
        WHEN (c.of_table, c.of_column) = ('request', 'payload') THEN '(payload - ''name'' - ''space'' - ''cluster'')::text'
        ELSE format('%I::text', c.of_column) END, ', ')
      INTO columns, hidden, texts FROM pseudonym_columns() c WHERE c.of_table = p_table;
    IF columns IS NULL THEN RAISE EXCEPTION 'no such table'; END IF;
    SELECT coalesce(string_agg(format('%I', a.attname), ', '), 'NULL') INTO links FROM pg_attribute a
      WHERE a.attrelid = ('public.' || quote_ident(p_table))::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'uuid'::regtype;
    texts := format('concat_ws(E''\n'', %s)', texts);
    wheres := format('$4::text IS NOT NULL AND ctid >= %L AND ctid < %L AND (%s ~* $2 OR $3 IN (%s) AND %s ~* $4) AND ROW (%s) IS DISTINCT FROM ROW (%s)',
      format('(%s,0)', p_from), format('(%s,0)', p_from + 500), texts, links, texts, columns, hidden);
    IF p_dry THEN
      EXECUTE format('SELECT count(*) FROM %I WHERE %s', p_table, wheres) INTO touched USING run.terms, alone, person, anything;
    ELSE
      EXECUTE format(CASE p_table
        WHEN 'review_report' THEN 'WITH changed AS (UPDATE review_report SET (%2$s) = ROW (%3$s) WHERE %4$s RETURNING review_id),
          noted AS (UPDATE review SET pseudonymised_at = now() WHERE id IN (SELECT review_id FROM changed)) SELECT count(*) FROM changed'
        WHEN 'offboarding' THEN 'WITH changed AS (UPDATE offboarding SET (%2$s) = ROW (%3$s),
          pseudonymised_at = CASE WHEN certificate IS DISTINCT FROM hide_in_text(certificate, $1) THEN now() ELSE pseudonymised_at END WHERE %4$s RETURNING 1) SELECT count(*) FROM changed'
        ELSE 'WITH changed AS (UPDATE %1$I SET (%2$s) = ROW (%3$s) WHERE %4$s RETURNING 1) SELECT count(*) FROM changed' END,
        p_table, columns, hidden, wheres) INTO touched USING run.terms, alone, person, anything;
    END IF;
  END IF;
  IF NOT p_dry THEN UPDATE pseudonym SET rows = rows + touched WHERE id = run.id; END IF;
  RETURN touched;
END
$$;

-- Removes what was only the person's, a thousand rows of each at a time; or, dry, counts it.
CREATE OR REPLACE FUNCTION remove_own_rows(p_handle text, p_dry boolean) RETURNS TABLE ("name" text, "touched" bigint)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person uuid := leaver_of(p_handle);
  sought jsonb;
  own record;
BEGIN
  SELECT p.terms INTO sought FROM pseudonym p WHERE p.person_id = person AND p.finished_at IS NULL;
  IF NOT FOUND AND NOT p_dry THEN RAISE EXCEPTION 'begin first' USING ERRCODE = 'object_not_in_prerequisite_state'; END IF;
  sought := coalesce(sought, person_terms(person, 'former-'));
  FOR own IN SELECT * FROM (VALUES
      (1, 'session', 'user_id = $1'), (2, 'user_group', 'user_id = $1'), (3, 'space_use', 'user_id = $1'), (4, 'webhook', 'user_id = $1'),
      (5, 'notice', 'user_id = $1'), (6, 'scim_group_member', 'user_id = $1'), (7, 'scim_user', 'user_id = $1'),
      (8, 'mail_delivery', 'event_id IN (SELECT id FROM inbox_event WHERE user_id = $1)'),
      (9, 'webhook_delivery', 'event_id IN (SELECT id FROM inbox_event WHERE user_id = $1)'),
      (10, 'inbox_event', 'user_id = $1 AND NOT EXISTS (SELECT FROM mail_delivery d WHERE d.event_id = inbox_event.id) AND NOT EXISTS (SELECT FROM webhook_delivery d WHERE d.event_id = inbox_event.id)'),
      -- Sign-ins are counted by a hash of the subject, for a minute.
      (11, 'rate_limit', 'strpos(key, $1::text) > 0'),
      (12, 'cluster_sighting', 'concat_ws(E''\n'', user_name, credential_id, last_request) ~* $2'),
      -- Compressed, and made again in minutes.
      (13, 'trail_export', 'true'))
      AS o(place, "table", "where") ORDER BY o.place LOOP
    name := own."table";
    IF p_dry THEN
      EXECUTE format('SELECT count(*) FROM %I WHERE %s', own."table", own."where") INTO touched USING person, terms_pattern(sought, false);
    ELSE
      EXECUTE format('WITH gone AS (DELETE FROM %1$I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I WHERE %2$s LIMIT 1000)) RETURNING 1) SELECT count(*) FROM gone',
        own."table", own."where") INTO touched USING person, terms_pattern(sought, false);
    END IF;
    RETURN NEXT;
  END LOOP;
  name := 'credential';
  IF p_dry THEN
    SELECT count(*) INTO touched FROM credential WHERE user_id = person AND last_used_address IS NOT NULL;
  ELSE
    UPDATE credential SET last_used_address = NULL WHERE user_id = person AND last_used_address IS NOT NULL;
    GET DIAGNOSTICS touched = ROW_COUNT;
    UPDATE offboarding o SET certificate = c.hidden, pseudonymised_at = now()
      FROM (SELECT id, regexp_replace(certificate, '"subject":"(?:[^"\\]|\\.)*"', '"subject":"pseudonymised"') AS hidden FROM offboarding WHERE person_id = person) c
      WHERE o.id = c.id AND o.certificate IS DISTINCT FROM c.hidden;
  END IF;
  RETURN NEXT;
END
$$;

-- The account itself. The subject becomes its SHA-256, so that whoever signs in as it is still the one who was shut out
-- (lib/db/subject-pseudonym.ts). From here on nothing new says who it was. Returns the month (UTC) in which the run began.
CREATE FUNCTION rename_to_pseudonym(p_handle text) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person uuid := leaver_of(p_handle);
  run record;
BEGIN
  SELECT * INTO run FROM pseudonym p WHERE p.person_id = person AND p.finished_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'begin first' USING ERRCODE = 'object_not_in_prerequisite_state'; END IF;
  UPDATE user_account SET handle = run.handle, name = 'Former person', email = run.handle || '@person.invalid', left_out_groups = '{}', mail_choices = '{}',
    subject = CASE WHEN subject LIKE 'pseudonymised:%' THEN subject
      ELSE 'pseudonymised:' || encode(sha256(convert_to(rtrim(issuer, '/') || E'\n' || subject, 'UTF8')), 'hex') END
    WHERE id = person;
  RETURN to_char(run.started_at AT TIME ZONE 'UTC', 'YYYYMM')::int;
END
$$;

-- The last step: what was looked for is forgotten, and the outcome is in the trail. Returns the pseudonym.
CREATE OR REPLACE FUNCTION finish_pseudonym(p_handle text, p_host text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person uuid := leaver_of(p_handle);
  run record;
BEGIN
  IF p_host IS NULL OR p_host !~ '^[A-Za-z0-9._-]{1,253}$' THEN
    RAISE EXCEPTION 'not a host’s name' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT * INTO run FROM pseudonym p WHERE p.person_id = person AND p.finished_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'begin first' USING ERRCODE = 'object_not_in_prerequisite_state'; END IF;
  IF NOT EXISTS (SELECT FROM user_account WHERE id = person AND handle = run.handle) THEN
    RAISE EXCEPTION 'the account has its name yet' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  UPDATE pseudonym SET terms = NULL, was = NULL, finished_at = now() WHERE id = run.id;
  INSERT INTO audit_event (id, intent_id, action, at, actor_kind, actor_name, target_kind, target_id, target_name, observer, destination, outcome, detail)
    VALUES (gen_random_uuid(), run.id, 'person.pseudonymise', now(), 'system', 'command', 'person', person, run.handle, 'command/' || p_host, 'portal', 'ok',
      jsonb_build_object('login', session_user, 'rows', run.rows));
  RETURN run.handle;
END
$$;

ALTER FUNCTION rename_to_pseudonym(text) OWNER TO spaceport_pseudonymiser;
REVOKE EXECUTE ON FUNCTION rename_to_pseudonym(text) FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM spaceport_pseudonymiser;
GRANT EXECUTE ON FUNCTION rename_to_pseudonym(text) TO spaceport_archiver;
