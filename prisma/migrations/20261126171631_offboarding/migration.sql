-- People who left for good. What an offboarding ended is in the row; whether the clusters agree is asked part by part, and
-- once all have answered no, the certificate says so.
CREATE TABLE "offboarding" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "by_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ended" JSONB NOT NULL,
    "reactivated_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),
    "certificate" TEXT,
    "certificate_hash" TEXT,

    CONSTRAINT "offboarding_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "offboarding" ADD CONSTRAINT "offboarding_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "offboarding" ADD CONSTRAINT "offboarding_by_id_fkey" FOREIGN KEY ("by_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "offboarding" ADD CONSTRAINT "offboarding_certificate_whole"
  CHECK (num_nulls("completed_at", "certificate", "certificate_hash") IN (0, 3));
CREATE INDEX "offboarding_person_id_created_at_idx" ON "offboarding"("person_id", "created_at");
-- A person is offboarded once at a time: until somebody reactivates them.
CREATE UNIQUE INDEX "offboarding_in_force_idx" ON "offboarding"("person_id") WHERE "reactivated_at" IS NULL;

CREATE TABLE "offboarding_cluster" (
    "offboarding_id" UUID NOT NULL,
    "cluster_id" UUID NOT NULL,
    "spaces_held" UUID[],
    "after" TEXT NOT NULL DEFAULT '',
    "all_asked" BOOLEAN NOT NULL DEFAULT false,
    "spaces" INTEGER NOT NULL DEFAULT 0,
    "reviews" INTEGER NOT NULL DEFAULT 0,
    "allowed" JSONB NOT NULL DEFAULT '[]',
    "more_allowed" BOOLEAN NOT NULL DEFAULT false,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failure_code" TEXT,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "offboarding_cluster_pkey" PRIMARY KEY ("offboarding_id", "cluster_id")
);
ALTER TABLE "offboarding_cluster" ADD CONSTRAINT "offboarding_cluster_offboarding_id_fkey" FOREIGN KEY ("offboarding_id") REFERENCES "offboarding"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "offboarding_cluster" ADD CONSTRAINT "offboarding_cluster_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
-- What is due at a cluster, among all that are finished.
CREATE INDEX "offboarding_cluster_due_idx" ON "offboarding_cluster"("cluster_id", "next_at") WHERE "finished_at" IS NULL;
-- The spaces that exist on a cluster, in the order in which they are asked about.
CREATE INDEX "space_on_cluster_idx" ON "space"("cluster_id", "namespace") WHERE "namespace_uid" IS NOT NULL AND "status" <> 'deleted';

-- The portal offboards and reactivates; only the worker, which asks the clusters, says what they answered.
GRANT SELECT ON "offboarding", "offboarding_cluster" TO spaceport_web, spaceport_worker;
GRANT INSERT ("id", "person_id", "by_id", "reason", "created_at", "ended"), UPDATE ("reactivated_at") ON "offboarding" TO spaceport_web;
GRANT INSERT ("offboarding_id", "cluster_id", "spaces_held", "next_at") ON "offboarding_cluster" TO spaceport_web;
GRANT UPDATE ("completed_at", "certificate", "certificate_hash") ON "offboarding" TO spaceport_worker;
GRANT UPDATE ("after", "all_asked", "spaces", "reviews", "allowed", "more_allowed", "failures", "failure_code", "next_at",
  "started_at", "finished_at") ON "offboarding_cluster" TO spaceport_worker;
