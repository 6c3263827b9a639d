-- Who deactivated a person, and why: their page says so. Both are empty where it was done by SQL.
ALTER TABLE "user_account" ADD COLUMN "deactivated_by_id" UUID, ADD COLUMN "deactivation_reason" TEXT;

-- The list of people, by name.
CREATE INDEX "user_account_name_id_idx" ON "user_account"("name", "id");
-- The list of everybody's credentials, newest first.
CREATE INDEX "credential_living_created_idx" ON "credential"("created_at", "id") WHERE "revoked_at" IS NULL;
-- A person's page shows their last sign-ins, however seldom they sign in.
CREATE INDEX "audit_event_sign_in_idx" ON "audit_event"("actor_id", "seq") WHERE "intent_id" IS NULL AND "action" = 'session.sign-in';
