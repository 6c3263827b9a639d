-- People whom nobody has seen for as long as the policy says are warned twice, and then deactivated.
ALTER TABLE "user_account" ADD COLUMN "unseen_warned_at" TIMESTAMPTZ(3), ADD COLUMN "unseen_reminded_at" TIMESTAMPTZ(3),
  ADD COLUMN "unseen_ends_at" TIMESTAMPTZ(3);
CREATE INDEX "user_account_unseen_idx" ON "user_account"("last_sign_in_at") WHERE "deactivated_at" IS NULL AND "unseen_warned_at" IS NULL;
CREATE INDEX "user_account_warned_idx" ON "user_account"("unseen_ends_at") WHERE "unseen_warned_at" IS NOT NULL;

-- The worker sees when people were last seen, and nothing else of sessions.
GRANT UPDATE ("unseen_warned_at", "unseen_reminded_at", "unseen_ends_at") ON "user_account" TO spaceport_worker;
GRANT SELECT ("user_id", "last_seen_at") ON "session" TO spaceport_worker;
GRANT SELECT ("last_used_at") ON "credential" TO spaceport_worker;

GRANT UPDATE ("deactivated_at", "deactivation_reason") ON "user_account" TO spaceport_worker;

-- Whom it may deactivate: nobody who has been seen within 30 days, the least that the policy can say, and not the last
-- platform admin of a provider. Two workers could otherwise deactivate two admins, each because of the other.
CREATE FUNCTION may_deactivate_unseen(person UUID) RETURNS BOOLEAN
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('spaceport unseen admins', 0));
  RETURN EXISTS (SELECT FROM user_account u
    WHERE u.id = person AND u.deactivated_at IS NULL AND u.last_sign_in_at <= now() - interval '30 days'
      AND NOT EXISTS (SELECT FROM session x WHERE x.user_id = u.id AND x.last_seen_at > now() - interval '30 days')
      AND NOT EXISTS (SELECT FROM credential k WHERE k.user_id = u.id AND k.last_used_at > now() - interval '30 days')
      AND (u.platform_role <> 'admin' OR EXISTS (
        SELECT FROM user_account o WHERE o.platform_role = 'admin' AND o.deactivated_at IS NULL AND o.id <> u.id
          AND rtrim(o.issuer, '/') = rtrim(u.issuer, '/'))));
END
$$;

-- Whoever may not change people otherwise, as the worker, deactivates only those, and reactivates nobody.
CREATE FUNCTION guard_deactivation() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF has_column_privilege('user_account', 'platform_role', 'UPDATE') THEN RETURN NEW; END IF;
  IF OLD.deactivated_at IS NULL AND NEW.deactivated_at IS NOT NULL AND may_deactivate_unseen(OLD.id) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'permission denied to deactivate or reactivate this person' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER "user_account_guard_deactivation" BEFORE UPDATE OF "deactivated_at", "deactivation_reason" ON "user_account"
  FOR EACH ROW EXECUTE FUNCTION guard_deactivation();
