-- Filters that people save under a name, each for one list. They may name other people.
CREATE TYPE "filtered_list" AS ENUM ('trail', 'spaces', 'people', 'credentials');

-- That a name is a person's once in a list, and how long it is, is no constraint: a pseudonym may take the place of two names,
-- and be longer than they were. Who saves one holds the person's row meanwhile.
CREATE TABLE "saved_filter" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "list" "filtered_list" NOT NULL,
    "name" TEXT NOT NULL,
    "query" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "saved_filter_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "saved_filter_person_id_list_idx" ON "saved_filter"("person_id", "list");
ALTER TABLE "saved_filter" ADD CONSTRAINT "saved_filter_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

GRANT SELECT, INSERT, UPDATE ("name"), DELETE ON "saved_filter" TO spaceport_web;

-- A leaver's own are removed; in others' a pseudonym takes the place of who left (ADR 43).
GRANT SELECT, UPDATE ("name", "query"), DELETE ON "saved_filter" TO spaceport_pseudonymiser;
-- As before, with saved filters.
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
      (13, 'trail_export', 'true'),
      (14, 'saved_filter', 'person_id = $1'))
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
