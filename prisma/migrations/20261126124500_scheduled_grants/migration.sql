-- A grant that starts later than it was given. The worker clears the mark when it starts, and puts it on the cluster.
ALTER TABLE "space_grant" ADD COLUMN "awaits_start" BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX "space_grant_awaits_start_idx" ON "space_grant" ("starts_at") WHERE "awaits_start" AND "removed_at" IS NULL;
GRANT UPDATE ("awaits_start") ON "space_grant" TO spaceport_worker;
