-- Verifications of the trail that somebody asked for, or that the schedule began, with what they found. Whoever asks can't
-- write what was found: only the worker may, and once a verification has ended nobody can change it.
CREATE TABLE "trail_check" (
    "id" UUID NOT NULL,
    "asked_by_id" UUID,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "from_at" TIMESTAMPTZ(3),
    "to_at" TIMESTAMPTZ(3),
    "cancelled_at" TIMESTAMPTZ(3),
    "cancelled_by_id" UUID,
    "started_at" TIMESTAMPTZ(3),
    "seen_at" TIMESTAMPTZ(3),
    "total" BIGINT NOT NULL DEFAULT 0,
    "done" BIGINT NOT NULL DEFAULT 0,
    "first_block" BIGINT,
    "last_block" BIGINT,
    "ended_at" TIMESTAMPTZ(3),
    "result" TEXT,
    "findings" JSONB NOT NULL DEFAULT '[]',
    "finding_count" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "trail_check_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "trail_check_result" CHECK ("result" IN ('holds', 'broken', 'cancelled', 'gave-up')),
    CONSTRAINT "trail_check_ended" CHECK (("result" IS NULL) = ("ended_at" IS NULL))
);
-- One at a time.
CREATE UNIQUE INDEX "trail_check_running" ON "trail_check"((true)) WHERE "ended_at" IS NULL;
CREATE INDEX "trail_check_asked_at_idx" ON "trail_check"("asked_at");
ALTER TABLE "trail_check" ADD CONSTRAINT "trail_check_asked_by_id_fkey" FOREIGN KEY ("asked_by_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "trail_check" ADD CONSTRAINT "trail_check_cancelled_by_id_fkey" FOREIGN KEY ("cancelled_by_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE FUNCTION trail_check_is_final() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'a verification that has ended stays as it is' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER "trail_check_final" BEFORE UPDATE OR DELETE ON "trail_check" FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION trail_check_is_final();

GRANT SELECT ON "trail_check" TO spaceport_web, spaceport_worker;
GRANT INSERT ("id", "asked_by_id", "from_at", "to_at") ON "trail_check" TO spaceport_web;
GRANT UPDATE ("cancelled_at", "cancelled_by_id") ON "trail_check" TO spaceport_web;
GRANT INSERT ("id") ON "trail_check" TO spaceport_worker;
GRANT UPDATE ("started_at", "seen_at", "total", "done", "first_block", "last_block", "ended_at", "result", "findings", "finding_count") ON "trail_check" TO spaceport_worker;
