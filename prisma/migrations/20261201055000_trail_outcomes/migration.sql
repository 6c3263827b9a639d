-- Outcomes of the acts that the verifier relies on are bound to their writers too (ADR 70), and none of them makes an act
-- count for nothing: its row is in one transaction with what it records.

-- As before, but for outcomes too. The worker writes only an 'ok' for an act of web's that has no outcome: what web could
-- not write itself (lib/db/insert-missing-outcomes.ts).
CREATE OR REPLACE FUNCTION guard_trail_row() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  writer text := public.trail_writer(NEW.action);
  is_owner boolean := pg_has_role(current_user, 'spaceport_trail_owner', 'MEMBER');
BEGIN
  IF writer IS NOT NULL AND NOT is_owner AND NOT pg_has_role(current_user, writer, 'MEMBER') THEN
    IF writer <> 'spaceport_web' OR NEW.intent_id IS NULL OR NEW.outcome IS DISTINCT FROM 'ok' OR NOT pg_has_role(current_user, 'spaceport_worker', 'MEMBER') THEN
      RAISE EXCEPTION 'permission denied to write % to the trail: only % does', NEW.action, writer USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT FROM public.audit_event act WHERE act.id = NEW.intent_id AND act.action = NEW.action AND act.intent_id IS NULL
        AND act.outcome IS NULL AND act.seq < NEW.seq AND NEW.seq < public.audit_outcome_before(act.seq)) THEN
      RAISE EXCEPTION 'permission denied to write % to the trail: there is no such act', NEW.action USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Web was quicker. As with ON CONFLICT DO NOTHING, but whatever the month.
    IF EXISTS (SELECT FROM public.audit_event o WHERE o.intent_id = NEW.intent_id) THEN RETURN NULL; END IF;
  END IF;
  IF (NOT is_owner OR current_user = 'spaceport_trail_owner' OR NEW.observer LIKE 'command/%') AND NOT public.is_trail_time(NEW.at, NEW.recorded_at, NEW.route)
    AND NEW.at >= '1970-01-01Z' AND NEW.at < '9999-01-01Z' THEN
    NEW.detail := public.trail_detail_with(NEW.detail, jsonb_build_object('claimedAt', public.trail_time(NEW.at)));
    NEW.at := date_trunc('milliseconds', NEW.recorded_at);
  END IF;
  RETURN NEW;
END
$$;

-- As before, but that a reactivation in the trail counts whatever its outcome says, and a completion only if it was one. The
-- verifier holds runs against the same rows (lib/audit/chain/lives.ts).
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
  IF EXISTS (SELECT FROM audit_event back WHERE back.action = 'person.reactivate' AND back.intent_id IS NULL AND back.route IS NULL
      AND back.target_id = person::text AND (back.outcome IS NULL OR back.outcome = 'ok')
      AND back.seq > coalesce((SELECT max(c.seq) FROM audit_event c WHERE c.action = 'offboarding.complete' AND c.intent_id IS NULL AND c.route IS NULL
        AND c.target_id = person::text AND (c.outcome IS NULL OR c.outcome = 'ok')), 9223372036854775807)) THEN
    RAISE EXCEPTION 'the trail says that they were reactivated since: offboard them again first' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  INSERT INTO pseudonym (id, person_id, handle, was, terms, started_at)
    SELECT gen_random_uuid(), person, chosen, u.handle, person_terms(person, chosen), now() FROM user_account u WHERE u.id = person RETURNING id INTO run;
  INSERT INTO audit_event (id, action, at, actor_kind, actor_name, target_kind, target_id, target_name, observer, destination, detail)
    VALUES (run, 'person.pseudonymise', now(), 'system', 'command', 'person', person, chosen, 'command/' || p_host, 'portal', jsonb_build_object('login', session_user));
  RETURN run;
END
$$;
