-- When a space was ready for the first time. The gateway serves none before: until then it is not known whether the
-- cluster's admission policies hold there.
ALTER TABLE "space" ADD COLUMN "first_ready_at" TIMESTAMPTZ(3);

UPDATE "space" SET "first_ready_at" = COALESCE("reconciled_at", "created_at")
WHERE "observed_generation" > 0 OR "status" IN ('ready', 'asleep');
