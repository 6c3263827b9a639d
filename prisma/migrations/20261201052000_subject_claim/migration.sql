-- Which claim of ID tokens a person's subject is (OIDC_SUBJECT_CLAIM, ADR 71). Until now it was `sub`. Where it is another one,
-- "oidc_sub" keeps the `sub` of their last ID token: back-channel logouts, userinfo and refreshed ID tokens name people by it,
-- and an account is found by it when the setting changes.
-- brief: one row per person, and a constant default rewrites none
ALTER TABLE "user_account" ADD COLUMN "subject_claim" TEXT NOT NULL DEFAULT 'sub', ADD COLUMN "oidc_sub" TEXT;
-- brief: one row per person, and the column is empty
CREATE INDEX "user_account_issuer_oidc_sub_idx" ON "user_account"("issuer", "oidc_sub");

-- A deactivated person who became another at the provider would get in as a new one, by whichever claim they are found.
-- brief: replaces a trigger, and reads no row
CREATE OR REPLACE TRIGGER "user_account_keep_identity" BEFORE UPDATE ON "user_account" FOR EACH ROW
  WHEN (OLD.deactivated_at IS NOT NULL AND current_user <> 'spaceport_pseudonymiser'
    AND (OLD.issuer, OLD.subject, OLD.subject_claim, OLD.oidc_sub) IS DISTINCT FROM (NEW.issuer, NEW.subject, NEW.subject_claim, NEW.oidc_sub))
  EXECUTE FUNCTION keep_ends('fixed issuer', 'fixed subject', 'fixed subject_claim', 'fixed oidc_sub');

-- A pseudonym replaces both by their hashes: whoever signs in with either is still the person who was shut out.
GRANT UPDATE ("oidc_sub") ON "user_account" TO spaceport_pseudonymiser;
CREATE OR REPLACE FUNCTION rename_to_pseudonym(p_handle text) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person uuid := leaver_of(p_handle);
  run record;
BEGIN
  SELECT * INTO run FROM pseudonym p WHERE p.person_id = person AND p.finished_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'begin first' USING ERRCODE = 'object_not_in_prerequisite_state'; END IF;
  UPDATE user_account SET handle = run.handle, name = 'Former person', email = run.handle || '@person.invalid', left_out_groups = '{}', mail_choices = '{}',
    subject = CASE WHEN subject LIKE 'pseudonymised:%' THEN subject
      ELSE 'pseudonymised:' || encode(sha256(convert_to(rtrim(issuer, '/') || E'\n' || subject, 'UTF8')), 'hex') END,
    oidc_sub = CASE WHEN oidc_sub LIKE 'pseudonymised:%' THEN oidc_sub
      ELSE 'pseudonymised:' || encode(sha256(convert_to(rtrim(issuer, '/') || E'\n' || oidc_sub, 'UTF8')), 'hex') END
    WHERE id = person;
  RETURN to_char(run.started_at AT TIME ZONE 'UTC', 'YYYYMM')::int;
END
$$;
