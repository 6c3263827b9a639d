-- Whoever is online learns at once of what concerns them, however it was written: channel spaceport_person with
-- '{topic}:{person}', or 'requests:deciders' for all who decide by their role or group. It never says what happened.
CREATE FUNCTION notify_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('spaceport_person', TG_ARGV[0] || ':' || NEW.user_id);
  RETURN NULL;
END
$$;
CREATE TRIGGER "inbox_event_notify" AFTER INSERT ON "inbox_event" FOR EACH ROW EXECUTE FUNCTION notify_person('inbox');
CREATE TRIGGER "inbox_event_notify_read" AFTER UPDATE ON "inbox_event" FOR EACH ROW
  WHEN (OLD.read_at IS DISTINCT FROM NEW.read_at) EXECUTE FUNCTION notify_person('inbox');

-- A session's own credential is in nobody's list.
CREATE TRIGGER "credential_notify_person" AFTER INSERT ON "credential" FOR EACH ROW
  WHEN (NEW.session_id IS NULL) EXECUTE FUNCTION notify_person('credentials');
CREATE TRIGGER "credential_notify_person_update" AFTER UPDATE ON "credential" FOR EACH ROW
  WHEN (NEW.session_id IS NULL AND (OLD.revoked_at IS DISTINCT FROM NEW.revoked_at
    OR OLD.ends_at IS DISTINCT FROM NEW.ends_at OR OLD.last_used_at IS DISTINCT FROM NEW.last_used_at))
  EXECUTE FUNCTION notify_person('credentials');

CREATE FUNCTION tell_request_change(requester uuid, about uuid) RETURNS void LANGUAGE sql AS $$
  SELECT pg_notify('spaceport_person', 'requests:' || requester), pg_notify('spaceport_person', 'requests:deciders');
  SELECT pg_notify('spaceport_person', 'requests:' || s.owner_id) FROM space s WHERE s.id = about;
$$;

CREATE FUNCTION notify_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_request_change(NEW.requester_id, NEW.space_id);
  RETURN NULL;
END
$$;
CREATE TRIGGER "request_notify" AFTER INSERT ON "request" FOR EACH ROW EXECUTE FUNCTION notify_request();
CREATE TRIGGER "request_notify_update" AFTER UPDATE ON "request" FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.took_effect_at IS DISTINCT FROM NEW.took_effect_at)
  EXECUTE FUNCTION notify_request();

CREATE FUNCTION notify_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_request_change(r.requester_id, r.space_id) FROM request r WHERE r.id = NEW.request_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER "request_approval_notify" AFTER INSERT ON "request_approval" FOR EACH ROW EXECUTE FUNCTION notify_approval();

-- Pages that show the space follow, and those whom it is offered to, and by, and from.
CREATE OR REPLACE FUNCTION notify_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('spaceport_space', NEW.space_id::text);
  PERFORM pg_notify('spaceport_person', 'spaces:' || person)
    FROM unnest(ARRAY[NEW.to_id, NEW.from_id, NEW.by_id]) AS person;
  RETURN NULL;
END
$$;

-- A session also ends by getting an earlier end: its row stays for the sign-out at the provider.
CREATE TRIGGER "session_notify_end" AFTER UPDATE OF "expires_at" ON "session" FOR EACH ROW
  WHEN (NEW.expires_at < OLD.expires_at) EXECUTE FUNCTION notify_session();
