-- A role for each process, so that a stolen login of one is not one of all. A process works as its role, and the login
-- that it is given is a member of that role alone.
--   spaceport_web      decides: people, sessions, spaces, grants, requests, credentials
--   spaceport_worker   carries out and ends what was decided; makes none of it, and has no sessions
--   spaceport_gateway  reads what it decides by, notes uses
-- Each of them adds to the trail, and none can change it or choose a row's place in it.
--   spaceport_queue    owns the job queue's schema; the worker is a member, others add jobs by the functions below
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['spaceport_web', 'spaceport_worker', 'spaceport_gateway', 'spaceport_queue'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', name);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
  END LOOP;
  IF NOT pg_has_role('spaceport_worker', 'spaceport_queue', 'MEMBER') THEN
    GRANT spaceport_queue TO spaceport_worker;
  END IF;
  -- One login for all processes, as there was before, is a member of spaceport_app and so of all three.
  FOREACH name IN ARRAY ARRAY['spaceport_web', 'spaceport_worker', 'spaceport_gateway'] LOOP
    IF NOT pg_has_role('spaceport_app', name, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO spaceport_app', name);
    END IF;
  END LOOP;
END
$$;

-- What spaceport_app may, it may as a member of the three.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM spaceport_app;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM spaceport_app;
REVOKE ALL ON SCHEMA public FROM spaceport_app;
GRANT USAGE ON SCHEMA public TO spaceport_web, spaceport_worker, spaceport_gateway;

GRANT INSERT ("id", "intent_id", "action", "at", "actor_kind", "actor_id", "actor_handle", "actor_name", "target_kind",
  "target_id", "target_name", "space_id", "namespace", "observer", "source_address", "user_agent", "destination", "outcome",
  "reason", "detail", "request_id", "cluster_audit_id") ON "audit_event" TO spaceport_web, spaceport_worker, spaceport_gateway;
GRANT USAGE ON SEQUENCE "audit_event_seq_seq" TO spaceport_web, spaceport_worker, spaceport_gateway;

GRANT SELECT, INSERT, UPDATE ON "user_account", "user_group", "session", "space", "space_usage", "space_grant", "request", "credential", "notice", "rate_limit" TO spaceport_web;
GRANT SELECT, INSERT ON "cluster" TO spaceport_web;
GRANT DELETE ON "user_group", "session", "rate_limit" TO spaceport_web;
GRANT SELECT ON "audit_event" TO spaceport_web;

GRANT SELECT ON "user_account", "user_group", "space", "space_grant", "request", "audit_event" TO spaceport_worker;
GRANT SELECT ("id", "user_id", "cluster_id", "space_id", "created_at", "ends_at", "revoked_at") ON "credential" TO spaceport_worker;
GRANT SELECT, INSERT, UPDATE ("fence_faults", "fences_proved_at") ON "cluster" TO spaceport_worker;
GRANT SELECT, INSERT, UPDATE ON "space_usage" TO spaceport_worker;
GRANT UPDATE ("status", "generation", "observed_generation", "namespace_uid", "steps", "failure_code", "failure_message",
  "reconciled_at", "first_ready_at", "delete_requested_at", "deleted_at") ON "space" TO spaceport_worker;
GRANT UPDATE ("removed_at") ON "space_grant" TO spaceport_worker;
GRANT UPDATE ("state", "decided_at", "decision_reason") ON "request" TO spaceport_worker;
GRANT UPDATE ("revoked_at") ON "credential" TO spaceport_worker;

GRANT SELECT ("id", "handle", "name", "email", "deactivated_at") ON "user_account" TO spaceport_gateway;
GRANT SELECT ON "user_group", "space", "space_grant", "cluster" TO spaceport_gateway;
GRANT SELECT ("id", "user_id", "cluster_id", "space_id", "token_hash", "ends_at", "revoked_at", "last_used_at") ON "credential" TO spaceport_gateway;
GRANT UPDATE ("last_used_at", "last_used_address") ON "credential" TO spaceport_gateway;
-- Whether a row stands whose insert was not answered.
GRANT SELECT ("id", "intent_id") ON "audit_event" TO spaceport_gateway;

-- The queue's tables are its owner's alone (row-level security of graphile-worker). Whoever decides that a space has to be
-- reconciled says so by this function, which runs as the schema's owner.
CREATE FUNCTION enqueue_reconcile(space_id uuid, after_seconds double precision) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM graphile_worker.add_job('reconcile-space', json_build_object('spaceId', space_id::text),
    job_key := 'reconcile-space:' || space_id, run_at := now() + make_interval(secs => after_seconds), max_attempts := 25);
END
$$;
CREATE FUNCTION queue_length() RETURNS bigint
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT count(*) FROM graphile_worker.jobs);
END
$$;
REVOKE EXECUTE ON FUNCTION enqueue_reconcile(uuid, double precision), queue_length() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enqueue_reconcile(uuid, double precision), queue_length() TO spaceport_web, spaceport_worker;
