-- How far the daily digest of what ends has come: one row, which the worker that tells people holds.
CREATE TABLE "ending_digest" (
    "id" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "day_before" DATE NOT NULL,
    "last_user_id" UUID,
    "done" BOOLEAN NOT NULL,

    CONSTRAINT "ending_digest_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "ending_digest_one" CHECK ("id" = 1)
);
INSERT INTO "ending_digest" ("id", "day", "day_before", "done")
SELECT 1, today - 1, today - 2, true FROM (SELECT (now() AT TIME ZONE 'UTC')::date AS today) t;

-- What ends in the next days is found among all. Grants have such an index.
CREATE INDEX "space_living_ends_idx" ON "space" ("ends_at") WHERE "ends_at" IS NOT NULL AND "status" NOT IN ('deleting', 'deleted');
CREATE INDEX "credential_living_ends_idx" ON "credential" ("ends_at") WHERE "revoked_at" IS NULL;

GRANT SELECT, UPDATE ON "ending_digest" TO spaceport_worker;
