-- The portal has the clusters asked about somebody who left now rather than when it is due. It may do that and nothing else:
-- it neither puts a question off nor answers one.
GRANT UPDATE ("next_at") ON "offboarding_cluster" TO spaceport_web;
CREATE FUNCTION keep_offboarding_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'spaceport_web' AND NEW.next_at > OLD.next_at THEN
    RAISE EXCEPTION 'only the worker puts off asking a cluster';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER "offboarding_cluster_due" BEFORE UPDATE OF "next_at" ON "offboarding_cluster" FOR EACH ROW EXECUTE FUNCTION keep_offboarding_due();

-- People whose certificate is open are found among all who left.
CREATE INDEX "offboarding_open_idx" ON "offboarding" ("person_id") WHERE "reactivated_at" IS NULL AND "completed_at" IS NULL;
