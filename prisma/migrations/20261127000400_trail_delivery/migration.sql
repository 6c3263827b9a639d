-- How far the trail has been delivered to each place outside (ADR 42).
CREATE TABLE "trail_delivery" (
    "sink" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "block" BIGINT NOT NULL DEFAULT 0,
    "position" INTEGER NOT NULL DEFAULT 0,
    "checkpoint" BIGINT NOT NULL DEFAULT 0,
    "delivered" BIGINT NOT NULL DEFAULT 0,
    "delivered_at" TIMESTAMPTZ(3),
    "failing_since" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "trail_delivery_pkey" PRIMARY KEY ("sink")
);
GRANT SELECT, INSERT, UPDATE ON "trail_delivery" TO spaceport_worker;
GRANT SELECT ON "trail_delivery" TO spaceport_web;

-- Exports of the trail that the worker writes: who wants which rows, and how far it has come.
CREATE TYPE "trail_export_state" AS ENUM ('waiting', 'done', 'failed');
CREATE TABLE "trail_export" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "format" TEXT NOT NULL,
    "filter" JSONB NOT NULL,
    "state" "trail_export_state" NOT NULL DEFAULT 'waiting',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "until" BIGINT,
    "total" BIGINT,
    "cursor" TEXT NOT NULL DEFAULT '',
    "reached" TIMESTAMPTZ(3),
    "events" BIGINT NOT NULL DEFAULT 0,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "parts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "taken_until" TIMESTAMPTZ(3),

    CONSTRAINT "trail_export_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "trail_export_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "trail_export_person_id_created_at_idx" ON "trail_export"("person_id", "created_at");
CREATE INDEX "trail_export_created_at_idx" ON "trail_export"("created_at");

-- Each part is a gzip file of its own; one after the other they are one (RFC 1952, section 2.2).
CREATE TABLE "trail_export_part" (
    "export_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "start" BIGINT NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "trail_export_part_pkey" PRIMARY KEY ("export_id", "number"),
    CONSTRAINT "trail_export_part_export_id_fkey" FOREIGN KEY ("export_id") REFERENCES "trail_export"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "trail_export_part_export_id_start_key" ON "trail_export_part"("export_id", "start");
-- It is compressed already.
ALTER TABLE "trail_export_part" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;

-- Web says what is wanted, and takes it back; the worker alone says what is in it.
GRANT SELECT, DELETE ON "trail_export" TO spaceport_web;
GRANT INSERT ("id", "person_id", "format", "filter", "created_at") ON "trail_export" TO spaceport_web;
GRANT SELECT ON "trail_export_part" TO spaceport_web;
GRANT SELECT, DELETE ON "trail_export" TO spaceport_worker;
GRANT UPDATE ("state", "finished_at", "until", "total", "cursor", "reached", "events", "bytes", "parts", "error", "attempts", "taken_until")
  ON "trail_export" TO spaceport_worker;
GRANT SELECT ("export_id", "number", "start"), INSERT ON "trail_export_part" TO spaceport_worker;

-- Which block a row of the trail is in: blocks hold rows in the order of seq, and blocks of neighbours are near each other.
CREATE INDEX "audit_block_first_seq_idx" ON "audit_block" (("seqs"[1]));
