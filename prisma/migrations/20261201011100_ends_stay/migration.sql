-- An end goes from none to a time, or to an earlier time, for every login but the owner's (ADR 69). Each argument of the
-- trigger is a rule:
--   end COLUMN                   null becomes a time, and a time becomes an earlier one
--   end COLUMN except web        the same, but spaceport_web may set it to null
--   fixed COLUMN                 never changes
--   grows COLUMN                 an array loses no element
--   state COLUMN A,B>C>D,E       a state goes only to a later group; within a later group nothing changes
CREATE FUNCTION keep_ends() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  before jsonb := to_jsonb(OLD);
  after jsonb := to_jsonb(NEW);
  rule text[];
  was text;
  now_is text;
  groups text[];
  rank int;
  new_rank int;
  holds boolean;
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN RETURN NEW; END IF;
  FOR i IN 0 .. TG_NARGS - 1 LOOP
    rule := string_to_array(TG_ARGV[i], ' ');
    was := before ->> rule[2];
    now_is := after ->> rule[2];
    CONTINUE WHEN was IS NOT DISTINCT FROM now_is;
    CASE rule[1]
      WHEN 'end' THEN
        holds := was IS NULL OR now_is::timestamptz < was::timestamptz
          OR (now_is IS NULL AND rule[3] = 'except' AND pg_has_role(current_user, 'spaceport_' || rule[4], 'USAGE'));
      WHEN 'fixed' THEN
        holds := false;
      WHEN 'grows' THEN
        holds := (after -> rule[2]) @> (before -> rule[2]);
      WHEN 'state' THEN
        groups := string_to_array(rule[3], '>');
        SELECT max(n) FILTER (WHERE was = ANY (string_to_array(g, ','))), max(n) FILTER (WHERE now_is = ANY (string_to_array(g, ',')))
          INTO rank, new_rank FROM unnest(groups) WITH ORDINALITY AS t(g, n);
        holds := new_rank > rank OR (rank = 1 AND new_rank = 1);
    END CASE;
    IF holds IS NOT TRUE THEN
      RAISE insufficient_privilege USING
        MESSAGE = format('permission denied: %s.%s can’t be taken back', TG_TABLE_NAME, rule[2]);
    END IF;
  END LOOP;
  RETURN NEW;
END
$$;

-- Undoing a deactivation or an offboarding needs a row of the trail in the same transaction. Arguments: the action, and the
-- column with the id of the person. Checked at the commit, because the row may come second.
CREATE FUNCTION require_trail_row() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN RETURN NULL; END IF;
  -- A row's recorded_at is the database's clock, which no process can choose.
  IF NOT EXISTS (SELECT FROM audit_event e WHERE e.target_kind = 'person' AND e.target_id = to_jsonb(NEW) ->> TG_ARGV[1]
      AND e.action = TG_ARGV[0] AND e.intent_id IS NULL AND (e.route IS NULL OR e.route = 'around')
      AND e.recorded_at >= transaction_timestamp()) THEN
    RAISE insufficient_privilege USING
      MESSAGE = format('permission denied: %s is changed only with a row %s in the trail', TG_TABLE_NAME, TG_ARGV[0]);
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER "credential_keep_ends" BEFORE UPDATE ON "credential" FOR EACH ROW
  WHEN ((OLD.id, OLD.user_id, OLD.cluster_id, OLD.space_id, OLD.session_id, OLD.token_hash, OLD.ends_at, OLD.revoked_at)
    IS DISTINCT FROM (NEW.id, NEW.user_id, NEW.cluster_id, NEW.space_id, NEW.session_id, NEW.token_hash, NEW.ends_at, NEW.revoked_at))
  EXECUTE FUNCTION keep_ends('end revoked_at', 'end ends_at', 'fixed id', 'fixed user_id', 'fixed cluster_id', 'fixed space_id',
    'fixed session_id', 'fixed token_hash');

CREATE TRIGGER "session_keep_ends" BEFORE UPDATE ON "session" FOR EACH ROW
  WHEN ((OLD.id, OLD.user_id, OLD.token_hash, OLD.expires_at) IS DISTINCT FROM (NEW.id, NEW.user_id, NEW.token_hash, NEW.expires_at))
  EXECUTE FUNCTION keep_ends('end expires_at', 'fixed id', 'fixed user_id', 'fixed token_hash');

CREATE TRIGGER "space_grant_keep_ends" BEFORE UPDATE ON "space_grant" FOR EACH ROW
  WHEN ((OLD.id, OLD.removed_at, OLD.withheld_from) IS DISTINCT FROM (NEW.id, NEW.removed_at, NEW.withheld_from))
  EXECUTE FUNCTION keep_ends('end removed_at', 'grows withheld_from', 'fixed id');

CREATE TRIGGER "scim_token_keep_ends" BEFORE UPDATE ON "scim_token" FOR EACH ROW
  WHEN ((OLD.id, OLD.token_hash, OLD.revoked_at) IS DISTINCT FROM (NEW.id, NEW.token_hash, NEW.revoked_at))
  EXECUTE FUNCTION keep_ends('end revoked_at', 'fixed id', 'fixed token_hash');

CREATE TRIGGER "user_account_keep_ends" BEFORE UPDATE ON "user_account" FOR EACH ROW
  WHEN (OLD.id <> NEW.id OR OLD.deactivated_at IS DISTINCT FROM NEW.deactivated_at)
  EXECUTE FUNCTION keep_ends('end deactivated_at except web', 'fixed id');
CREATE CONSTRAINT TRIGGER "user_account_reactivated" AFTER UPDATE ON "user_account" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.deactivated_at IS NOT NULL AND NEW.deactivated_at IS NULL)
  EXECUTE FUNCTION require_trail_row('person.reactivate', 'id');
-- A deactivated person who became another at the provider would get in as a new one. Only a pseudonym replaces the subject.
CREATE TRIGGER "user_account_keep_identity" BEFORE UPDATE ON "user_account" FOR EACH ROW
  WHEN (OLD.deactivated_at IS NOT NULL AND current_user <> 'spaceport_pseudonymiser' AND (OLD.issuer, OLD.subject) IS DISTINCT FROM (NEW.issuer, NEW.subject))
  EXECUTE FUNCTION keep_ends('fixed issuer', 'fixed subject');

CREATE TRIGGER "offboarding_keep_ends" BEFORE UPDATE ON "offboarding" FOR EACH ROW
  WHEN ((OLD.person_id, OLD.reactivated_at, OLD.completed_at) IS DISTINCT FROM (NEW.person_id, NEW.reactivated_at, NEW.completed_at))
  EXECUTE FUNCTION keep_ends('end reactivated_at', 'end completed_at', 'fixed person_id');
CREATE CONSTRAINT TRIGGER "offboarding_reactivated" AFTER UPDATE ON "offboarding" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.reactivated_at IS NULL AND NEW.reactivated_at IS NOT NULL)
  EXECUTE FUNCTION require_trail_row('person.reactivate', 'person_id');

CREATE TRIGGER "space_keep_ends" BEFORE UPDATE ON "space" FOR EACH ROW
  WHEN ((OLD.status IN ('deleting', 'deleted') AND OLD.status <> NEW.status) OR OLD.id <> NEW.id
    OR (OLD.deleted_at, OLD.delete_requested_at) IS DISTINCT FROM (NEW.deleted_at, NEW.delete_requested_at))
  EXECUTE FUNCTION keep_ends('state status creating,ready,asleep,failed>deleting>deleted', 'end deleted_at', 'end delete_requested_at', 'fixed id');

CREATE TRIGGER "space_offer_keep_ends" BEFORE UPDATE ON "space_offer" FOR EACH ROW
  WHEN ((OLD.state, OLD.closed_at, OLD.expires_at) IS DISTINCT FROM (NEW.state, NEW.closed_at, NEW.expires_at))
  EXECUTE FUNCTION keep_ends('state state open>accepted,declined,withdrawn,expired', 'end closed_at', 'end expires_at');

CREATE TRIGGER "request_keep_ends" BEFORE UPDATE ON "request" FOR EACH ROW
  WHEN ((OLD.state, OLD.decided_at, OLD.expires_at) IS DISTINCT FROM (NEW.state, NEW.decided_at, NEW.expires_at))
  EXECUTE FUNCTION keep_ends('state state open>approved,denied,withdrawn,expired', 'end decided_at', 'end expires_at');

CREATE TRIGGER "review_keep_ends" BEFORE UPDATE ON "review" FOR EACH ROW
  WHEN ((OLD.state, OLD.closed_at) IS DISTINCT FROM (NEW.state, NEW.closed_at))
  EXECUTE FUNCTION keep_ends('state state starting>open>closing>closed', 'end closed_at');

CREATE TRIGGER "review_line_keep_ends" BEFORE UPDATE ON "review_line" FOR EACH ROW
  WHEN ((OLD.state, OLD.decided_at) IS DISTINCT FROM (NEW.state, NEW.decided_at))
  EXECUTE FUNCTION keep_ends('state state open>kept,revoked,lowered,flagged,ended,undecided,shown', 'end decided_at');

-- Its owner may turn a webhook on again; the worker only turns it off.
CREATE TRIGGER "webhook_keep_ends" BEFORE UPDATE ON "webhook" FOR EACH ROW
  WHEN (OLD.off_at IS DISTINCT FROM NEW.off_at)
  EXECUTE FUNCTION keep_ends('end off_at except web');

CREATE TRIGGER "trail_check_keep_ends" BEFORE UPDATE ON "trail_check" FOR EACH ROW
  WHEN (OLD.cancelled_at IS DISTINCT FROM NEW.cancelled_at)
  EXECUTE FUNCTION keep_ends('end cancelled_at');
