-- The role that owns the queue is one that no process is a member of: its owner may replace what the two functions call
-- and what the next migration reads, and so act as whoever runs them.
--   spaceport_queue_owner   owns the job queue's schema and the two functions that run as their owner
--   spaceport_queue         uses the queue, and owns nothing; the worker is a member (lib/db/migrate-queue.ts)
DO $$
DECLARE
  owner name;
BEGIN
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'spaceport_queue_owner') THEN
      CREATE ROLE spaceport_queue_owner NOLOGIN;
    END IF;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
  END;
  BEGIN
    IF NOT pg_has_role('spaceport_queue_owner', 'USAGE') THEN
      GRANT spaceport_queue_owner TO CURRENT_USER;
    END IF;
  EXCEPTION WHEN unique_violation THEN
    NULL;
  END;

  -- A process may have left anything in a schema that was its own, so the queue is made again, empty: the worker takes up
  -- every unsettled space, with or without a job.
  SELECT r.rolname INTO owner FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner WHERE n.nspname = 'graphile_worker';
  IF owner IS NOT NULL THEN
    IF NOT pg_has_role(owner, 'USAGE') THEN
      EXECUTE format('GRANT %I TO CURRENT_USER', owner);
    END IF;
    DROP SCHEMA graphile_worker CASCADE;
  END IF;
  EXECUTE format('REVOKE CREATE ON DATABASE %I FROM spaceport_queue, spaceport_app', current_database());
END
$$;

-- A function's new owner must be able to make things where it is.
GRANT CREATE ON SCHEMA public TO spaceport_queue_owner;
ALTER FUNCTION enqueue_reconcile(uuid, double precision) OWNER TO spaceport_queue_owner;
ALTER FUNCTION queue_length() OWNER TO spaceport_queue_owner;
REVOKE CREATE ON SCHEMA public FROM spaceport_queue_owner;
