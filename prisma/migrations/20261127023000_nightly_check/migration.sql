-- What nobody asked for is the nightly verification, of everything: a process can't have another stand in for it.
ALTER TABLE "trail_check" ADD CONSTRAINT "trail_check_nightly" CHECK ("asked_by_id" IS NOT NULL OR ("from_at" IS NULL AND "to_at" IS NULL));
