-- When the person of a session proved who they are, as the provider said at its sign-in (auth_time). Long credentials need
-- that to be a moment ago.
ALTER TABLE "session" ADD COLUMN "authenticated_at" TIMESTAMPTZ(3);

-- Gateways learn of a newer word about somebody's groups, which moves the instant at which they cut what rests on it. The
-- migration before left that out.
DROP TRIGGER "user_account_notify" ON "user_account";
CREATE TRIGGER "user_account_notify" AFTER UPDATE ON "user_account" FOR EACH ROW
  WHEN (OLD.deactivated_at IS DISTINCT FROM NEW.deactivated_at OR OLD.platform_role IS DISTINCT FROM NEW.platform_role
    OR OLD.admin_until IS DISTINCT FROM NEW.admin_until OR OLD.groups_verified_at IS DISTINCT FROM NEW.groups_verified_at)
  EXECUTE FUNCTION notify_user();
