-- Each change that gives or takes access, kept for a while with the number of its transaction: a gateway that a notice did
-- not reach finds it by asking what it has not seen yet, instead of reading all that it holds open again.
CREATE TABLE "access_change" (
    "id" BIGSERIAL NOT NULL,
    "transaction" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "subject" TEXT NOT NULL,

    CONSTRAINT "access_change_pkey" PRIMARY KEY ("id")
);
-- Each subject once per transaction: a sign-in that replaces a hundred groups is one change.
CREATE UNIQUE INDEX "access_change_transaction_subject_key" ON "access_change"("transaction", "subject");
CREATE INDEX "access_change_at_idx" ON "access_change"("at");

CREATE FUNCTION tell_access_change(subject text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO access_change (subject) VALUES (tell_access_change.subject) ON CONFLICT DO NOTHING;
  SELECT pg_notify('spaceport_access', tell_access_change.subject);
$$;

CREATE OR REPLACE FUNCTION notify_credential() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_access_change('credential:' || OLD.id);
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION notify_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_access_change('user:' || NEW.id);
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION notify_user_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_access_change('user:' || COALESCE(NEW.user_id, OLD.user_id));
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION notify_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_access_change('space:' || COALESCE(NEW.space_id, OLD.space_id));
  PERFORM pg_notify('spaceport_space', COALESCE(NEW.space_id, OLD.space_id)::text);
  RETURN NULL;
END
$$;

-- A space's end and the moment from which it is served count too.
CREATE OR REPLACE FUNCTION notify_space() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('spaceport_space', NEW.id::text);
  IF TG_OP = 'INSERT' OR OLD.owner_id IS DISTINCT FROM NEW.owner_id OR OLD.status IS DISTINCT FROM NEW.status
     OR OLD.namespace_uid IS DISTINCT FROM NEW.namespace_uid OR OLD.ends_at IS DISTINCT FROM NEW.ends_at
     OR OLD.first_ready_at IS DISTINCT FROM NEW.first_ready_at THEN
    PERFORM tell_access_change('space:' || NEW.id);
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION notify_cluster() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_access_change('cluster:' || NEW.id);
  RETURN NULL;
END
$$;

GRANT USAGE ON SEQUENCE "access_change_id_seq" TO spaceport_web, spaceport_worker;
GRANT INSERT ("subject") ON "access_change" TO spaceport_web, spaceport_worker;
GRANT SELECT, DELETE ON "access_change" TO spaceport_worker;
GRANT SELECT ON "access_change" TO spaceport_gateway;
