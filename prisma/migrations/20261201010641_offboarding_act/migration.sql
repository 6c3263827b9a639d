-- Accounts that were offboarded in one act, because they are one person's.
ALTER TABLE "offboarding" ADD COLUMN "act_id" UUID;
GRANT INSERT ("act_id") ON "offboarding" TO spaceport_web;
