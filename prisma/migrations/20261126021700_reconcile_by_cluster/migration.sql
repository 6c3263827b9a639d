-- A job carries its space's cluster as a flag, so that the worker can leave out those of a cluster that has all its places.
GRANT USAGE ON SCHEMA public TO spaceport_queue_owner;
GRANT SELECT ("id", "cluster_id") ON "space" TO spaceport_queue_owner;

CREATE OR REPLACE FUNCTION enqueue_reconcile(space_id uuid, after_seconds double precision) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM graphile_worker.add_job('reconcile-space', json_build_object('spaceId', $1::text),
    job_key := 'reconcile-space:' || $1, run_at := now() + make_interval(secs => after_seconds), max_attempts := 25,
    flags := (SELECT ARRAY['cluster:' || s.cluster_id] FROM public.space s WHERE s.id = $1));
END
$$;

-- After a failure. Whoever queued the space meanwhile wants it sooner, and not counted as failed: theirs stands.
CREATE FUNCTION retry_reconcile(space_id uuid, after_seconds double precision, failures integer) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM graphile_worker.jobs j
    WHERE j.key = 'reconcile-space:' || $1 AND j.locked_at IS NULL AND j.attempts < j.max_attempts;
  IF FOUND THEN
    RETURN;
  END IF;
  PERFORM graphile_worker.add_job('reconcile-space', json_build_object('spaceId', $1::text, 'failures', $3),
    job_key := 'reconcile-space:' || $1, run_at := now() + make_interval(secs => after_seconds), max_attempts := 25,
    flags := (SELECT ARRAY['cluster:' || s.cluster_id] FROM public.space s WHERE s.id = $1));
END
$$;
REVOKE EXECUTE ON FUNCTION retry_reconcile(uuid, double precision, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION retry_reconcile(uuid, double precision, integer) TO spaceport_worker;

-- A function's new owner must be able to make things where it is.
GRANT CREATE ON SCHEMA public TO spaceport_queue_owner;
ALTER FUNCTION retry_reconcile(uuid, double precision, integer) OWNER TO spaceport_queue_owner;
REVOKE CREATE ON SCHEMA public FROM spaceport_queue_owner;
