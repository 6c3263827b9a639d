-- Access reviews: campaigns in which the owners of spaces look again at who may use them. What people held when one started
-- is copied into its lines; decisions are about those.
CREATE TYPE "review_state" AS ENUM ('starting', 'open', 'closing', 'closed');
CREATE TYPE "review_rule" AS ENUM ('keep', 'revoke');
CREATE TYPE "review_line_kind" AS ENUM ('grant', 'ownership', 'binding');
CREATE TYPE "review_line_state" AS ENUM ('open', 'kept', 'revoked', 'lowered', 'flagged', 'ended', 'undecided', 'shown');

CREATE TABLE "review" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "scope" JSONB NOT NULL,
    "undecided" "review_rule" NOT NULL,
    "state" "review_state" NOT NULL DEFAULT 'starting',
    "by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "after" UUID,
    "lines" INTEGER NOT NULL DEFAULT 0,
    "opened_at" TIMESTAMPTZ(3),
    "reminded_days" INTEGER,
    "closed_by_id" UUID,
    "close_reason" TEXT,
    "closed_at" TIMESTAMPTZ(3),
    "report_hash" TEXT,

    CONSTRAINT "review_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "review" ADD CONSTRAINT "review_by_id_fkey" FOREIGN KEY ("by_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "review" ADD CONSTRAINT "review_closed_by_id_fkey" FOREIGN KEY ("closed_by_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
-- A review is closed with its report, or not at all.
ALTER TABLE "review" ADD CONSTRAINT "review_closed_whole"
  CHECK (("state" = 'closed') = ("report_hash" IS NOT NULL) AND num_nulls("closed_at", "report_hash") IN (0, 2));
CREATE INDEX "review_created_at_id_idx" ON "review"("created_at", "id");
-- Those that are worked on: a few among all.
CREATE INDEX "review_active_idx" ON "review" ("created_at") WHERE "state" <> 'closed';
-- Whoever presses twice starts one.
CREATE UNIQUE INDEX "review_name_key" ON "review" ("name") WHERE "state" <> 'closed';

-- What one cluster is asked about bindings that Spaceport did not make.
CREATE TABLE "review_cluster" (
    "review_id" UUID NOT NULL,
    "cluster_id" UUID NOT NULL,
    "after" TEXT NOT NULL DEFAULT '',
    "spaces" INTEGER NOT NULL DEFAULT 0,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failure_code" TEXT,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "review_cluster_pkey" PRIMARY KEY ("review_id", "cluster_id")
);
ALTER TABLE "review_cluster" ADD CONSTRAINT "review_cluster_review_id_fkey" FOREIGN KEY ("review_id") REFERENCES "review"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "review_cluster" ADD CONSTRAINT "review_cluster_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "review_line" (
    "id" UUID NOT NULL,
    "review_id" UUID NOT NULL,
    "kind" "review_line_kind" NOT NULL,
    "state" "review_line_state" NOT NULL,
    "space_id" UUID,
    "cluster" TEXT NOT NULL,
    "space_name" TEXT NOT NULL,
    "grant_id" UUID,
    "user_id" UUID,
    "group" TEXT,
    "group_issuer" TEXT,
    "holder" TEXT NOT NULL,
    "holder_name" TEXT NOT NULL,
    "handles" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "role" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3),
    "given_by" TEXT,
    "last_used_at" TIMESTAMPTZ(3),
    "unused" BOOLEAN NOT NULL DEFAULT false,
    "binding" JSONB,
    "reviewer_id" UUID,
    "decided_at" TIMESTAMPTZ(3),
    "decided_by_id" UUID,
    "to_role" TEXT,
    "reason" TEXT,
    "was_role" TEXT,

    CONSTRAINT "review_line_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "review_line" ADD CONSTRAINT "review_line_review_id_fkey" FOREIGN KEY ("review_id") REFERENCES "review"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "review_line" ADD CONSTRAINT "review_line_space_id_fkey" FOREIGN KEY ("space_id") REFERENCES "space"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE INDEX "review_line_review_id_space_name_id_idx" ON "review_line"("review_id", "space_name", "id");
CREATE INDEX "review_line_review_id_reviewer_id_space_name_id_idx" ON "review_line"("review_id", "reviewer_id", "space_name", "id");
-- Every page counts the reviews in which something waits for somebody.
CREATE INDEX "review_line_open_idx" ON "review_line" ("review_id", "reviewer_id") WHERE "state" = 'open';
-- What a process that died half-way repeats comes once.
CREATE UNIQUE INDEX "review_line_grant_key" ON "review_line" ("review_id", "grant_id") WHERE "grant_id" IS NOT NULL;

-- The report of a closed review, in pieces: together, the file whose SHA-256 the review has.
CREATE TABLE "review_report" (
    "review_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "review_report_pkey" PRIMARY KEY ("review_id", "number")
);
ALTER TABLE "review_report" ADD CONSTRAINT "review_report_review_id_fkey" FOREIGN KEY ("review_id") REFERENCES "review"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- One row, which the worker that starts a review holds.
CREATE TABLE "review_schedule" (
    "id" INTEGER NOT NULL,
    "months" INTEGER,
    "next_on" DATE NOT NULL,
    "due_days" INTEGER NOT NULL,
    "undecided" "review_rule" NOT NULL,

    CONSTRAINT "review_schedule_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "review_schedule_one" CHECK ("id" = 1)
);
INSERT INTO "review_schedule" ("id", "months", "next_on", "due_days", "undecided")
SELECT 1, 3, (date_trunc('quarter', now() AT TIME ZONE 'UTC') + interval '3 months')::date, 21, 'keep';

-- The portal starts, decides, extends and has reviews closed. What people hold, and what the report says, only the worker
-- writes; it decides for nobody.
GRANT SELECT ON "review", "review_cluster", "review_line", "review_report", "review_schedule" TO spaceport_web, spaceport_worker;
GRANT INSERT ("id", "name", "scope", "undecided", "by_id", "created_at", "due_at"), UPDATE ("state", "due_at", "reminded_days", "closed_by_id", "close_reason") ON "review" TO spaceport_web;
GRANT INSERT ("id", "name", "scope", "undecided", "created_at", "due_at"),
  UPDATE ("state", "after", "lines", "opened_at", "reminded_days", "closed_at", "report_hash") ON "review" TO spaceport_worker;
GRANT INSERT ("review_id", "cluster_id", "next_at") ON "review_cluster" TO spaceport_web, spaceport_worker;
GRANT UPDATE ("after", "spaces", "failures", "failure_code", "next_at", "finished_at") ON "review_cluster" TO spaceport_worker;
GRANT UPDATE ("state", "decided_at", "decided_by_id", "to_role", "reason", "role", "ends_at", "was_role") ON "review_line" TO spaceport_web;
GRANT INSERT ("id", "review_id", "kind", "state", "space_id", "cluster", "space_name", "grant_id", "user_id", "group", "group_issuer", "holder",
    "holder_name", "handles", "role", "since", "ends_at", "given_by", "last_used_at", "unused", "binding"),
  UPDATE ("state", "decided_at", "reason", "role", "ends_at", "was_role", "reviewer_id") ON "review_line" TO spaceport_worker;
GRANT INSERT ON "review_report" TO spaceport_worker;
GRANT UPDATE ("months", "next_on", "due_days", "undecided") ON "review_schedule" TO spaceport_web;
GRANT UPDATE ("next_on") ON "review_schedule" TO spaceport_worker;
