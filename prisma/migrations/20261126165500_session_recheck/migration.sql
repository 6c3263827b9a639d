-- While a session is used, the portal asks the provider about its person again: with which tokens (sealed), and when it
-- last did. And when the provider last said which groups a person is in.
ALTER TABLE "session" ADD COLUMN "provider_tokens" TEXT, ADD COLUMN "rechecked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE "user_account" ADD COLUMN "groups_verified_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
UPDATE "user_account" SET "groups_verified_at" = "last_sign_in_at";
