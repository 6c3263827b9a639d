-- What ended of provisioning stays ended too (ADR 69): a token expires no later than it did, a closed request for one changes no
-- more, and a freeze that ended doesn't begin again.
CREATE OR REPLACE TRIGGER "scim_token_keep_ends" BEFORE UPDATE ON "scim_token" FOR EACH ROW
  WHEN ((OLD.id, OLD.token_hash, OLD.revoked_at, OLD.expires_at) IS DISTINCT FROM (NEW.id, NEW.token_hash, NEW.revoked_at, NEW.expires_at))
  EXECUTE FUNCTION keep_ends('end revoked_at', 'end expires_at', 'fixed id', 'fixed token_hash');

CREATE TRIGGER "scim_token_request_keep_ends" BEFORE UPDATE ON "scim_token_request" FOR EACH ROW
  WHEN (OLD.closed_at IS NOT NULL)
  EXECUTE FUNCTION keep_ends('fixed closed_at', 'fixed closed_as', 'fixed lapses_at', 'fixed expires_at', 'fixed approved_by_id', 'fixed token_id');

CREATE TRIGGER "provisioning_freeze_keep_ends" BEFORE UPDATE ON "provisioning_freeze" FOR EACH ROW
  WHEN (OLD.ended_at IS DISTINCT FROM NEW.ended_at)
  EXECUTE FUNCTION keep_ends('end ended_at');
