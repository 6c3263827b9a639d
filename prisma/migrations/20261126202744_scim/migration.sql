-- What an identity provider authenticates with when it provisions people and groups (SCIM 2.0). Two may be in force at once.
CREATE TABLE "scim_token" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "slot" INTEGER NOT NULL CHECK ("slot" IN (1, 2)),
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by_id" UUID NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "last_used_address" TEXT,
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by_id" UUID,

    CONSTRAINT "scim_token_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "scim_token_token_hash_key" ON "scim_token"("token_hash");
CREATE UNIQUE INDEX "scim_token_in_force_idx" ON "scim_token"("slot") WHERE "revoked_at" IS NULL;
ALTER TABLE "scim_token" ADD CONSTRAINT "scim_token_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "scim_token" ADD CONSTRAINT "scim_token_revoked_by_id_fkey" FOREIGN KEY ("revoked_by_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Which token deactivated a person: only that may be undone by provisioning. And whether they exist by provisioning alone.
ALTER TABLE "user_account" ADD COLUMN "deactivated_by_token_id" UUID, ADD COLUMN "never_signed_in" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "user_account" ADD CONSTRAINT "user_account_deactivated_by_token_id_fkey" FOREIGN KEY ("deactivated_by_token_id") REFERENCES "scim_token"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the provider knows about a person, to be read back. Who they are is in user_account.
CREATE TABLE "scim_user" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "user_name" TEXT NOT NULL,
    "external_id" TEXT,
    "display_name" TEXT,
    "attributes" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "scim_user_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "scim_user_user_id_key" ON "scim_user"("user_id");
CREATE UNIQUE INDEX "scim_user_external_id_key" ON "scim_user"("external_id");
CREATE INDEX "scim_user_created_at_id_idx" ON "scim_user"("created_at", "id");
CREATE UNIQUE INDEX "scim_user_user_name_idx" ON "scim_user"(lower("user_name"));
CREATE INDEX "scim_user_display_name_idx" ON "scim_user"(lower("display_name"));
ALTER TABLE "scim_user" ADD CONSTRAINT "scim_user_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A group that the provider pushes. Of groups of this name, only these members count.
CREATE TABLE "scim_group" (
    "id" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "external_id" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "scim_group_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "scim_group_display_name_issuer_key" ON "scim_group"("display_name", "issuer");
CREATE UNIQUE INDEX "scim_group_display_name_idx" ON "scim_group"(lower("display_name"), "issuer");
CREATE INDEX "scim_group_external_id_idx" ON "scim_group"("external_id");
CREATE INDEX "scim_group_created_at_id_idx" ON "scim_group"("created_at", "id");

-- Its members are people who are provisioned too.
CREATE TABLE "scim_group_member" (
    "group_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,

    CONSTRAINT "scim_group_member_pkey" PRIMARY KEY ("group_id", "user_id")
);
CREATE INDEX "scim_group_member_user_id_idx" ON "scim_group_member"("user_id");
ALTER TABLE "scim_group_member" ADD CONSTRAINT "scim_group_member_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "scim_group"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "scim_group_member" ADD CONSTRAINT "scim_group_member_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "scim_user"("user_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Gateways learn at once who joined or left.
CREATE TRIGGER "scim_group_member_notify" AFTER INSERT OR UPDATE OR DELETE ON "scim_group_member" FOR EACH ROW EXECUTE FUNCTION notify_user_group();

-- And whose group of that name, said by a sign-in, counts no longer or again.
CREATE FUNCTION notify_scim_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_access_change('user:' || m.user_id) FROM scim_group_member m WHERE m.group_id = COALESCE(NEW.id, OLD.id);
  PERFORM tell_access_change('user:' || g.user_id) FROM user_group g WHERE g."group" IN (NEW.display_name, OLD.display_name);
  RETURN NULL;
END
$$;
CREATE TRIGGER "scim_group_notify" AFTER INSERT OR DELETE ON "scim_group" FOR EACH ROW EXECUTE FUNCTION notify_scim_group();
CREATE TRIGGER "scim_group_notify_rename" AFTER UPDATE ON "scim_group" FOR EACH ROW
  WHEN (OLD.display_name IS DISTINCT FROM NEW.display_name) EXECUTE FUNCTION notify_scim_group();

-- Only the portal provisions. The others read who is in which group.
GRANT SELECT, INSERT, UPDATE ("last_used_at", "last_used_address", "revoked_at", "revoked_by_id") ON "scim_token" TO spaceport_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON "scim_user", "scim_group", "scim_group_member" TO spaceport_web;
GRANT SELECT ON "scim_group", "scim_group_member" TO spaceport_worker, spaceport_gateway;
