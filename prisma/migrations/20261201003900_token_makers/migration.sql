-- Each provisioning token has an end. Tokens from before this release, and those that its processes still create, get 30 days.
-- No creator: the operator's command.
ALTER TABLE "scim_token" ADD COLUMN "expires_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now() + interval '30 days';
ALTER TABLE "scim_token" ALTER COLUMN "created_by_id" DROP NOT NULL;

-- Everyone who ever had a hand in a token: asked for it, approved it, or took it over. Responsible are the two who made it,
-- until another admin takes over from one of them. The token works while those who are responsible are active platform admins.
CREATE TABLE "scim_token_maker" (
    "token_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "responsible" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "scim_token_maker_pkey" PRIMARY KEY ("token_id", "user_id")
);
CREATE INDEX "scim_token_maker_user_id_idx" ON "scim_token_maker"("user_id");
ALTER TABLE "scim_token_maker" ADD CONSTRAINT "scim_token_maker_token_id_fkey" FOREIGN KEY ("token_id") REFERENCES "scim_token"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "scim_token_maker" ADD CONSTRAINT "scim_token_maker_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
INSERT INTO "scim_token_maker" ("token_id", "user_id") SELECT "id", "created_by_id" FROM "scim_token" WHERE "created_by_id" IS NOT NULL;

-- No maker is left out, whichever release creates the token, and no process creates a token that has none.
CREATE FUNCTION keep_token_maker() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.created_by_id IS NOT NULL THEN
    INSERT INTO public.scim_token_maker (token_id, user_id) VALUES (NEW.id, NEW.created_by_id) ON CONFLICT DO NOTHING;
  ELSIF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
    RAISE insufficient_privilege USING MESSAGE = 'permission denied: only the operator''s command creates a token without makers';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER "scim_token_maker" AFTER INSERT ON "scim_token" FOR EACH ROW EXECUTE FUNCTION keep_token_maker();

-- A change by a token holds its row at the end and then checks that the token works. Whoever stops a token waits for the changes
-- that are committing, and is seen by those that come after. Deferred: last, so that nobody waits for more than a commit. The
-- worker, which deactivates people whom nobody has seen for months, has no right to tokens: a change may commit beside it.
CREATE FUNCTION hold_tokens_of_maker() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF has_column_privilege('public.scim_token', 'revoked_at', 'UPDATE') THEN
    PERFORM FROM public.scim_token t WHERE t.revoked_at IS NULL
      AND EXISTS (SELECT FROM public.scim_token_maker m WHERE m.token_id = t.id AND m.user_id = NEW.id AND m.responsible)
      ORDER BY t.id FOR NO KEY UPDATE OF t;
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER "user_account_stops_tokens" AFTER UPDATE ON "user_account" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.deactivated_at IS NULL AND NEW.deactivated_at IS NOT NULL
    OR OLD.platform_role = 'admin' AND NEW.platform_role <> 'admin'
    OR OLD.admin_until IS NOT NULL AND (NEW.admin_until IS NULL OR NEW.admin_until < OLD.admin_until))
  EXECUTE FUNCTION hold_tokens_of_maker();

CREATE TYPE "token_request_end" AS ENUM ('revealed', 'declined', 'withdrawn', 'lapsed');

-- One admin asks for a token, another approves, and then the first reveals it: only then is there a secret.
CREATE TABLE "scim_token_request" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "asked_by_id" UUID NOT NULL,
    "lapses_at" TIMESTAMPTZ(3) NOT NULL,
    "approved_at" TIMESTAMPTZ(3),
    "approved_by_id" UUID CHECK ("approved_by_id" <> "asked_by_id"),
    "closed_at" TIMESTAMPTZ(3),
    "closed_by_id" UUID,
    "closed_as" "token_request_end",
    "token_id" UUID,

    CONSTRAINT "scim_token_request_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "scim_token_request_approved" CHECK (("approved_at" IS NULL) = ("approved_by_id" IS NULL)),
    CONSTRAINT "scim_token_request_closed" CHECK (("closed_at" IS NULL) = ("closed_as" IS NULL)),
    CONSTRAINT "scim_token_request_revealed" CHECK (("closed_as" = 'revealed') IS NOT TRUE OR "approved_by_id" IS NOT NULL AND "token_id" IS NOT NULL)
);
CREATE UNIQUE INDEX "scim_token_request_token_id_key" ON "scim_token_request"("token_id");
CREATE UNIQUE INDEX "scim_token_request_open_idx" ON "scim_token_request"("asked_by_id") WHERE "closed_at" IS NULL;
ALTER TABLE "scim_token_request" ADD CONSTRAINT "scim_token_request_asked_by_id_fkey" FOREIGN KEY ("asked_by_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "scim_token_request" ADD CONSTRAINT "scim_token_request_approved_by_id_fkey" FOREIGN KEY ("approved_by_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "scim_token_request" ADD CONSTRAINT "scim_token_request_closed_by_id_fkey" FOREIGN KEY ("closed_by_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "scim_token_request" ADD CONSTRAINT "scim_token_request_token_id_fkey" FOREIGN KEY ("token_id") REFERENCES "scim_token"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- While one is open, provisioning changes nothing.
CREATE TABLE "provisioning_freeze" (
    "id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "frozen_at" TIMESTAMPTZ(3) NOT NULL,
    "frozen_by_id" UUID NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by_id" UUID,

    CONSTRAINT "provisioning_freeze_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "provisioning_freeze_open_idx" ON "provisioning_freeze"(("ended_at" IS NULL)) WHERE "ended_at" IS NULL;
ALTER TABLE "provisioning_freeze" ADD CONSTRAINT "provisioning_freeze_frozen_by_id_fkey" FOREIGN KEY ("frozen_by_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "provisioning_freeze" ADD CONSTRAINT "provisioning_freeze_ended_by_id_fkey" FOREIGN KEY ("ended_by_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

GRANT SELECT, INSERT, UPDATE ("responsible") ON "scim_token_maker" TO spaceport_web;
-- What a token says never counts for its makers, on clusters and the gateway too.
GRANT SELECT ON "scim_token_maker" TO spaceport_worker, spaceport_gateway;
GRANT SELECT, INSERT, UPDATE ("lapses_at", "approved_at", "approved_by_id", "closed_at", "closed_by_id", "closed_as", "token_id")
  ON "scim_token_request" TO spaceport_web;
GRANT SELECT, INSERT, UPDATE ("ended_at", "ended_by_id") ON "provisioning_freeze" TO spaceport_web;
-- They may name somebody who leaves.
GRANT SELECT, UPDATE ("name") ON "scim_token_request" TO spaceport_pseudonymiser;
GRANT SELECT, UPDATE ("reason") ON "provisioning_freeze" TO spaceport_pseudonymiser;
