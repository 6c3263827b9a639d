-- What the worker last found wrong with a cluster's admission policies, and when it last proved them all. While there is
-- something, gateways hold back what they serve of that cluster: they are told when it begins and when it ends.
ALTER TABLE "cluster" ADD COLUMN "fence_faults" JSONB NOT NULL DEFAULT '[]';
ALTER TABLE "cluster" ADD COLUMN "fences_proved_at" TIMESTAMPTZ(3);

CREATE FUNCTION notify_cluster() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('spaceport_access', 'cluster:' || NEW.id);
  RETURN NULL;
END
$$;
CREATE TRIGGER "cluster_notify" AFTER UPDATE ON "cluster" FOR EACH ROW
  WHEN ((OLD.fence_faults = '[]'::jsonb) IS DISTINCT FROM (NEW.fence_faults = '[]'::jsonb)) EXECUTE FUNCTION notify_cluster();
