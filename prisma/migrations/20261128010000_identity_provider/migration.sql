-- Several identity providers at once: whether each answers is counted by itself. Earlier versions go on with
-- provider_contact, which is not read any more.
CREATE TABLE "identity_provider" (
    "issuer" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "failures" INTEGER NOT NULL,

    CONSTRAINT "identity_provider_pkey" PRIMARY KEY ("issuer")
);
-- What is known of the one that people signed in with so far stays known.
INSERT INTO "identity_provider" ("issuer", "asked_at", "failures")
  SELECT rtrim(latest.issuer, '/'), c.asked_at, c.failures FROM "provider_contact" c CROSS JOIN (
    SELECT issuer FROM "user_account" WHERE issuer <> 'spaceport:sealed' ORDER BY last_sign_in_at DESC LIMIT 1) latest;
GRANT SELECT ON "identity_provider" TO spaceport_web, spaceport_worker, spaceport_gateway;
GRANT INSERT, UPDATE ("asked_at", "failures") ON "identity_provider" TO spaceport_web;

-- The payload is the one that gateways know: it concerns everybody.
CREATE FUNCTION notify_identity_provider() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.failures >= 5) <> (NEW.failures >= 5) THEN
    PERFORM tell_access_change('provider:1');
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER "identity_provider_notify" AFTER UPDATE ON "identity_provider" FOR EACH ROW EXECUTE FUNCTION notify_identity_provider();
