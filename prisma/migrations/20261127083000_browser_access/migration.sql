-- The credential of a session: with it the portal asks the gateway for what a person does in the browser. It ends with the
-- session. Another person’s, or a kubeconfig’s, never becomes one: the web process adds it with its session.
ALTER TABLE "credential" ADD COLUMN "session_id" UUID;
CREATE INDEX "credential_session_idx" ON "credential" ("session_id") WHERE "session_id" IS NOT NULL AND "revoked_at" IS NULL;

-- Whoever may end a session may end this with it.
CREATE FUNCTION revoke_session_credentials() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE credential SET revoked_at = now() WHERE session_id = OLD.id AND revoked_at IS NULL;
  RETURN NULL;
END
$$;
CREATE TRIGGER "session_revoke_credentials" AFTER DELETE ON "session" FOR EACH ROW EXECUTE FUNCTION revoke_session_credentials();

-- A session that expires early, because nobody used it, is still there for a while.
CREATE FUNCTION end_session_credentials() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE credential SET ends_at = NEW.expires_at WHERE session_id = NEW.id AND revoked_at IS NULL AND ends_at > NEW.expires_at;
  RETURN NULL;
END
$$;
CREATE TRIGGER "session_end_credentials" AFTER UPDATE OF "expires_at" ON "session" FOR EACH ROW
  WHEN (NEW.expires_at < OLD.expires_at) EXECUTE FUNCTION end_session_credentials();

GRANT SELECT ("session_id") ON "credential" TO spaceport_gateway, spaceport_worker;
GRANT SELECT ("session_id", "revoked_at"), UPDATE ("revoked_at") ON "credential" TO spaceport_pseudonymiser;
GRANT INSERT ("subject") ON "access_change" TO spaceport_pseudonymiser;
GRANT USAGE ON SEQUENCE "access_change_id_seq" TO spaceport_pseudonymiser;
