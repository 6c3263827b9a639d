-- What the provider last said of a person's groups counts for as long as the policy says, and longer while the provider
-- is away. Every process decides by both, and by its clock.
GRANT SELECT ON "policy_version" TO spaceport_worker, spaceport_gateway;

-- How often in a row the provider gave no answer when a web process asked: one row.
CREATE TABLE "provider_contact" (
    "id" INTEGER NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "failures" INTEGER NOT NULL,

    CONSTRAINT "provider_contact_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "provider_contact" ADD CONSTRAINT "provider_contact_single" CHECK ("id" = 1);
INSERT INTO "provider_contact" ("id", "asked_at", "failures") VALUES (1, now() - interval '1 hour', 0);
GRANT SELECT ON "provider_contact" TO spaceport_web, spaceport_worker, spaceport_gateway;
GRANT UPDATE ("asked_at", "failures") ON "provider_contact" TO spaceport_web;

-- Since when a person's roles from groups are off the clusters because that word is too old.
ALTER TABLE "user_account" ADD COLUMN "groups_paused_at" TIMESTAMPTZ(3);
CREATE INDEX "user_account_groups_counting_idx" ON "user_account"("groups_verified_at") WHERE "groups_paused_at" IS NULL;
CREATE INDEX "user_account_groups_paused_idx" ON "user_account"("groups_verified_at") WHERE "groups_paused_at" IS NOT NULL;
GRANT UPDATE ("groups_paused_at") ON "user_account" TO spaceport_worker;
GRANT SELECT ("groups_verified_at") ON "user_account" TO spaceport_gateway;

-- A newer word moves the instant at which gateways cut what rests on it.
DROP TRIGGER "user_account_notify" ON "user_account";
CREATE TRIGGER "user_account_notify" AFTER UPDATE ON "user_account" FOR EACH ROW
  WHEN (OLD.deactivated_at IS DISTINCT FROM NEW.deactivated_at OR OLD.platform_role IS DISTINCT FROM NEW.platform_role
    OR OLD.groups_verified_at IS DISTINCT FROM NEW.groups_verified_at) EXECUTE FUNCTION notify_user();

-- So may another policy, and a provider that goes away or comes back: for everybody.
CREATE FUNCTION notify_policy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_access_change('policy:' || NEW.number);
  RETURN NULL;
END
$$;
CREATE TRIGGER "policy_version_notify" AFTER INSERT ON "policy_version" FOR EACH ROW EXECUTE FUNCTION notify_policy();

CREATE FUNCTION notify_provider() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.failures >= 5) <> (NEW.failures >= 5) THEN
    PERFORM tell_access_change('provider:' || NEW.id);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER "provider_contact_notify" AFTER UPDATE ON "provider_contact" FOR EACH ROW EXECUTE FUNCTION notify_provider();
