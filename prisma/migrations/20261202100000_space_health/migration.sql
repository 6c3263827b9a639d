-- What is wrong inside a space, as the worker that leads its cluster last saw it. A space without a row has no known
-- problem. A table of its own, because it changes often and an update of space notifies the pages that show it.
CREATE TABLE space_health (
  space_id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('failing', 'quota', 'starting', 'unknown')),
  workloads integer NOT NULL,
  problem jsonb,
  CONSTRAINT space_health_pkey PRIMARY KEY (space_id),
  CONSTRAINT space_health_space_id_fkey FOREIGN KEY (space_id) REFERENCES space(id) ON UPDATE CASCADE ON DELETE CASCADE
);

ALTER TABLE cluster_reading ADD COLUMN health_read_at timestamptz(3);
ALTER TABLE cluster_reading ADD COLUMN health_refused_at timestamptz(3);

GRANT SELECT ON space_health TO spaceport_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON space_health TO spaceport_worker;

-- Notifies the pages and lists of the space’s members. The problem itself changes with each restart; that isn’t worth a notification.
CREATE FUNCTION notify_health() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_notify('spaceport_space', COALESCE(NEW.space_id, OLD.space_id)::text);
  PERFORM pg_notify('spaceport_person', 'health:' || COALESCE(NEW.space_id, OLD.space_id));
  RETURN NULL;
END
$$;
CREATE TRIGGER space_health_notify AFTER INSERT OR DELETE ON space_health FOR EACH ROW EXECUTE FUNCTION notify_health();
CREATE TRIGGER space_health_change_notify AFTER UPDATE ON space_health FOR EACH ROW
  WHEN ((OLD.state, OLD.workloads) IS DISTINCT FROM (NEW.state, NEW.workloads)) EXECUTE FUNCTION notify_health();
