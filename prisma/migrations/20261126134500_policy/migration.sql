-- The policy that admins set in the portal, version by version. Without a row, the environment's values hold.
CREATE TABLE "policy_version" (
    "number" INTEGER NOT NULL,
    "rules" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "author_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "policy_version_pkey" PRIMARY KEY ("number")
);
ALTER TABLE "policy_version" ADD CONSTRAINT "policy_version_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "policy_version" ADD CONSTRAINT "policy_version_number_positive" CHECK ("number" > 0);

-- Versions are added, never changed or removed, and only where people decide.
GRANT SELECT, INSERT ON "policy_version" TO spaceport_web;

-- The newest version, for a transaction that decides by it: a new version waits for those, and they wait for it. The
-- function is volatile, so its query sees what was committed while it waited for the lock.
CREATE FUNCTION hold_policy(alone BOOLEAN) RETURNS TABLE ("number" INTEGER, "rules" TEXT)
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF alone THEN
    PERFORM pg_advisory_xact_lock(hashtextextended('spaceport policy', 0));
  ELSE
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('spaceport policy', 0));
  END IF;
  RETURN QUERY SELECT p."number", p."rules"::text FROM policy_version p ORDER BY p."number" DESC LIMIT 1;
END
$$;
REVOKE EXECUTE ON FUNCTION hold_policy(BOOLEAN) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_policy(BOOLEAN) TO spaceport_web;

-- What other rules would have done with the last month is tried on the newest rows.
CREATE INDEX "space_created_at_idx" ON "space"("created_at");
CREATE INDEX "space_grant_created_at_idx" ON "space_grant"("created_at");
CREATE INDEX "request_decided_at_idx" ON "request"("decided_at");
