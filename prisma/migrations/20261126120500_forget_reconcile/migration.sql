-- The job that a change queues is for the case that its process dies. Once the change is on the cluster, it has nothing
-- left to do. One that the worker is running is left alone.
CREATE FUNCTION forget_reconcile(space_id uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM graphile_worker.jobs j WHERE j.key = 'reconcile-space:' || $1 AND j.locked_at IS NULL;
  IF FOUND THEN
    PERFORM graphile_worker.remove_job('reconcile-space:' || $1);
  END IF;
END
$$;
REVOKE EXECUTE ON FUNCTION forget_reconcile(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_reconcile(uuid) TO spaceport_web, spaceport_worker;

-- A function's new owner must be able to make things where it is.
GRANT CREATE ON SCHEMA public TO spaceport_queue_owner;
ALTER FUNCTION forget_reconcile(uuid) OWNER TO spaceport_queue_owner;
REVOKE CREATE ON SCHEMA public FROM spaceport_queue_owner;
