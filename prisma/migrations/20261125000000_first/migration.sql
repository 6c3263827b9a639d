-- CreateEnum
CREATE TYPE "platform_role" AS ENUM ('member', 'auditor', 'admin');

-- CreateEnum
CREATE TYPE "space_role" AS ENUM ('viewer', 'editor', 'admin');

-- CreateEnum
CREATE TYPE "space_size" AS ENUM ('S', 'M', 'L');

-- CreateEnum
CREATE TYPE "space_status" AS ENUM ('creating', 'ready', 'asleep', 'deleting', 'failed', 'deleted');

-- CreateEnum
CREATE TYPE "request_kind" AS ENUM ('space', 'size', 'role');

-- CreateEnum
CREATE TYPE "request_state" AS ENUM ('open', 'approved', 'denied', 'cancelled', 'lapsed');

-- CreateEnum
CREATE TYPE "audit_outcome" AS ENUM ('ok', 'refused', 'failed');

-- CreateTable
CREATE TABLE "cluster" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cluster_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_account" (
    "id" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "handle" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "platform_role" "platform_role" NOT NULL DEFAULT 'member',
    "deactivated_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_sign_in_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_group" (
    "user_id" UUID NOT NULL,
    "group" TEXT NOT NULL,

    CONSTRAINT "user_group_pkey" PRIMARY KEY ("user_id","group")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "provider_sid" TEXT,
    "id_token" TEXT,
    "source_address" TEXT,
    "user_agent" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "space" (
    "id" UUID NOT NULL,
    "cluster_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "namespace" TEXT NOT NULL,
    "creation" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "size" "space_size" NOT NULL,
    "owner_id" UUID NOT NULL,
    "status" "space_status" NOT NULL DEFAULT 'creating',
    "ends_at" TIMESTAMPTZ(3),
    "request_id" UUID,
    "generation" INTEGER NOT NULL DEFAULT 1,
    "observed_generation" INTEGER NOT NULL DEFAULT 0,
    "namespace_uid" TEXT,
    "steps" JSONB NOT NULL DEFAULT '[]',
    "failure_code" TEXT,
    "failure_message" TEXT,
    "reconciled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "delete_requested_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "space_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "space_usage" (
    "space_id" UUID NOT NULL,
    "usage" JSONB NOT NULL,
    "observed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "space_usage_pkey" PRIMARY KEY ("space_id")
);

-- CreateTable
CREATE TABLE "space_grant" (
    "id" UUID NOT NULL,
    "space_id" UUID NOT NULL,
    "user_id" UUID,
    "group" TEXT,
    "role" "space_role" NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3),
    "created_by_id" UUID,
    "request_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removed_at" TIMESTAMPTZ(3),
    "removed_by_id" UUID,

    CONSTRAINT "space_grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "request" (
    "id" UUID NOT NULL,
    "kind" "request_kind" NOT NULL,
    "requester_id" UUID NOT NULL,
    "cluster_id" UUID NOT NULL,
    "space_id" UUID,
    "payload" JSONB NOT NULL,
    "payload_hash" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "state" "request_state" NOT NULL DEFAULT 'open',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lapses_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),
    "decider_id" UUID,
    "decision_reason" TEXT,
    "ends_at" TIMESTAMPTZ(3),

    CONSTRAINT "request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credential" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "cluster_id" UUID,
    "space_id" UUID,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by_id" UUID,
    "last_used_at" TIMESTAMPTZ(3),
    "last_used_address" TEXT,

    CONSTRAINT "credential_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "seq" BIGSERIAL NOT NULL,
    "id" UUID NOT NULL,
    "intent_id" UUID,
    "action" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" UUID,
    "actor_handle" TEXT,
    "actor_name" TEXT,
    "target_kind" TEXT NOT NULL,
    "target_id" TEXT,
    "target_name" TEXT,
    "space_id" UUID,
    "namespace" TEXT,
    "observer" TEXT NOT NULL,
    "source_address" TEXT,
    "user_agent" TEXT,
    "destination" TEXT NOT NULL,
    "outcome" "audit_outcome",
    "reason" TEXT,
    "detail" JSONB NOT NULL DEFAULT '{}',
    "request_id" TEXT,
    "cluster_audit_id" TEXT,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "rate_limit" (
    "key" VARCHAR(255) NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "cluster_name_key" ON "cluster"("name");

-- CreateIndex
CREATE UNIQUE INDEX "user_account_handle_key" ON "user_account"("handle");

-- CreateIndex
CREATE UNIQUE INDEX "user_account_issuer_subject_key" ON "user_account"("issuer", "subject");

-- CreateIndex
CREATE INDEX "user_group_group_idx" ON "user_group"("group");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_hash_key" ON "session"("token_hash");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE INDEX "session_provider_sid_idx" ON "session"("provider_sid");

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");

-- CreateIndex
CREATE INDEX "space_cluster_id_name_idx" ON "space"("cluster_id", "name");

-- CreateIndex
CREATE INDEX "space_owner_id_idx" ON "space"("owner_id");

-- CreateIndex
CREATE INDEX "space_grant_space_id_idx" ON "space_grant"("space_id");

-- CreateIndex
CREATE INDEX "space_grant_user_id_idx" ON "space_grant"("user_id");

-- CreateIndex
CREATE INDEX "space_grant_group_idx" ON "space_grant"("group");

-- CreateIndex
CREATE INDEX "request_requester_id_created_at_idx" ON "request"("requester_id", "created_at");

-- CreateIndex
CREATE INDEX "request_state_lapses_at_idx" ON "request"("state", "lapses_at");

-- CreateIndex
CREATE INDEX "request_space_id_state_idx" ON "request"("space_id", "state");

-- CreateIndex
CREATE UNIQUE INDEX "credential_token_hash_key" ON "credential"("token_hash");

-- CreateIndex
CREATE INDEX "credential_user_id_created_at_idx" ON "credential"("user_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "audit_event_id_key" ON "audit_event"("id");

-- CreateIndex
CREATE UNIQUE INDEX "audit_event_intent_id_key" ON "audit_event"("intent_id");

-- CreateIndex
CREATE INDEX "audit_event_at_idx" ON "audit_event"("at");

-- CreateIndex
CREATE INDEX "audit_event_actor_id_seq_idx" ON "audit_event"("actor_id", "seq");

-- CreateIndex
CREATE INDEX "audit_event_space_id_seq_idx" ON "audit_event"("space_id", "seq");

-- CreateIndex
CREATE INDEX "audit_event_action_seq_idx" ON "audit_event"("action", "seq");

-- AddForeignKey
ALTER TABLE "user_group" ADD CONSTRAINT "user_group_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "space" ADD CONSTRAINT "space_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "space" ADD CONSTRAINT "space_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "space_usage" ADD CONSTRAINT "space_usage_space_id_fkey" FOREIGN KEY ("space_id") REFERENCES "space"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "space_grant" ADD CONSTRAINT "space_grant_space_id_fkey" FOREIGN KEY ("space_id") REFERENCES "space"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "space_grant" ADD CONSTRAINT "space_grant_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "request" ADD CONSTRAINT "request_requester_id_fkey" FOREIGN KEY ("requester_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "request" ADD CONSTRAINT "request_decider_id_fkey" FOREIGN KEY ("decider_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "request" ADD CONSTRAINT "request_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "request" ADD CONSTRAINT "request_space_id_fkey" FOREIGN KEY ("space_id") REFERENCES "space"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credential" ADD CONSTRAINT "credential_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credential" ADD CONSTRAINT "credential_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credential" ADD CONSTRAINT "credential_space_id_fkey" FOREIGN KEY ("space_id") REFERENCES "space"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- What Prisma's schema cannot say -----------------------------------------------------------------------------------

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- One living space per name and per namespace on a cluster; a deleted one frees both.
CREATE UNIQUE INDEX "space_living_name_key" ON "space" ("cluster_id", "name") WHERE "status" <> 'deleted';
CREATE UNIQUE INDEX "space_living_namespace_key" ON "space" ("cluster_id", "namespace") WHERE "status" <> 'deleted';
CREATE INDEX "space_living_created_idx" ON "space" ("created_at" DESC, "id") WHERE "status" <> 'deleted';
CREATE INDEX "space_living_name_idx" ON "space" ("name", "id") WHERE "status" <> 'deleted';
CREATE INDEX "space_living_owner_idx" ON "space" ("owner_id", "name") WHERE "status" <> 'deleted';
CREATE INDEX "space_unsettled_idx" ON "space" ("id") WHERE "status" IN ('creating', 'deleting', 'failed') OR "observed_generation" < "generation";
CREATE INDEX "space_text_idx" ON "space" USING gin (("name" || ' ' || "description") gin_trgm_ops) WHERE "status" <> 'deleted';
CREATE INDEX "user_text_idx" ON "user_account" USING gin (("handle" || ' ' || "name" || ' ' || "email") gin_trgm_ops);

-- A grant names exactly one principal, and ends after it starts. A principal has one open-ended decision by people per
-- space; what a request brought stands beside it.
ALTER TABLE "space_grant" ADD CONSTRAINT "space_grant_one_principal" CHECK (num_nonnulls("user_id", "group") = 1);
ALTER TABLE "space_grant" ADD CONSTRAINT "space_grant_span" CHECK ("ends_at" IS NULL OR "ends_at" > "starts_at");
CREATE UNIQUE INDEX "space_grant_user_key" ON "space_grant" ("space_id", "user_id") WHERE "removed_at" IS NULL AND "request_id" IS NULL;
CREATE UNIQUE INDEX "space_grant_group_key" ON "space_grant" ("space_id", "group") WHERE "removed_at" IS NULL AND "request_id" IS NULL;
CREATE INDEX "space_grant_ends_idx" ON "space_grant" ("ends_at") WHERE "removed_at" IS NULL AND "ends_at" IS NOT NULL;
CREATE INDEX "credential_living_space_idx" ON "credential" ("space_id") WHERE "revoked_at" IS NULL;
CREATE INDEX "request_open_idx" ON "request" ("kind", "space_id") WHERE "state" = 'open';

-- The trail is only ever added to, whoever asks.
ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_outcome_row" CHECK ("intent_id" IS NULL OR "outcome" IS NOT NULL);

CREATE FUNCTION audit_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER "audit_event_append_only" BEFORE UPDATE OR DELETE ON "audit_event" FOR EACH ROW EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER "audit_event_no_truncate" BEFORE TRUNCATE ON "audit_event" FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only();

-- What free text searches in.
CREATE FUNCTION audit_event_text(e "audit_event") RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT concat_ws(' ', e.action, e.actor_handle, e.actor_name, e.target_name, e.namespace, e.reason, e.source_address, e.user_agent, e.destination, e.request_id, e.cluster_audit_id)
$$;
CREATE INDEX "audit_event_text_idx" ON "audit_event" USING gin (audit_event_text("audit_event".*) gin_trgm_ops);

-- Every process learns at once of what takes access away or gives it, however it was written:
-- channel spaceport_access with 'credential:{id}', 'user:{id}' or 'space:{id}'; spaceport_space with a space's id for
-- pages that show it.
CREATE FUNCTION notify_credential() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('spaceport_access', 'credential:' || OLD.id);
  RETURN NULL;
END
$$;
CREATE TRIGGER "credential_notify_update" AFTER UPDATE ON "credential" FOR EACH ROW
  WHEN (OLD.revoked_at IS DISTINCT FROM NEW.revoked_at OR OLD.ends_at IS DISTINCT FROM NEW.ends_at) EXECUTE FUNCTION notify_credential();
CREATE TRIGGER "credential_notify_delete" AFTER DELETE ON "credential" FOR EACH ROW EXECUTE FUNCTION notify_credential();

CREATE FUNCTION notify_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('spaceport_access', 'user:' || NEW.id);
  RETURN NULL;
END
$$;
CREATE TRIGGER "user_account_notify" AFTER UPDATE ON "user_account" FOR EACH ROW
  WHEN (OLD.deactivated_at IS DISTINCT FROM NEW.deactivated_at OR OLD.platform_role IS DISTINCT FROM NEW.platform_role) EXECUTE FUNCTION notify_user();

CREATE FUNCTION notify_user_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('spaceport_access', 'user:' || COALESCE(NEW.user_id, OLD.user_id));
  RETURN NULL;
END
$$;
CREATE TRIGGER "user_group_notify" AFTER INSERT OR UPDATE OR DELETE ON "user_group" FOR EACH ROW EXECUTE FUNCTION notify_user_group();

CREATE FUNCTION notify_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('spaceport_access', 'space:' || COALESCE(NEW.space_id, OLD.space_id));
  PERFORM pg_notify('spaceport_space', COALESCE(NEW.space_id, OLD.space_id)::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER "space_grant_notify" AFTER INSERT OR UPDATE OR DELETE ON "space_grant" FOR EACH ROW EXECUTE FUNCTION notify_grant();

CREATE FUNCTION notify_space() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('spaceport_space', NEW.id::text);
  IF TG_OP = 'INSERT' OR OLD.owner_id IS DISTINCT FROM NEW.owner_id OR OLD.status IS DISTINCT FROM NEW.status
     OR OLD.namespace_uid IS DISTINCT FROM NEW.namespace_uid THEN
    PERFORM pg_notify('spaceport_access', 'space:' || NEW.id);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER "space_notify" AFTER INSERT OR UPDATE ON "space" FOR EACH ROW EXECUTE FUNCTION notify_space();

CREATE FUNCTION notify_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('spaceport_session', OLD.user_id::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER "session_notify" AFTER DELETE ON "session" FOR EACH ROW EXECUTE FUNCTION notify_session();

-- The running application works as this role; who migrates owns the tables. See docs: the application's login role is a
-- member of it and of nothing else.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'spaceport_app') THEN
    CREATE ROLE spaceport_app NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL;
END
$$;
GRANT USAGE ON SCHEMA public TO spaceport_app;
GRANT SELECT, INSERT, UPDATE ON "cluster", "user_account", "user_group", "session", "space", "space_usage", "space_grant", "request", "credential", "rate_limit" TO spaceport_app;
GRANT DELETE ON "user_group", "session", "space_usage", "rate_limit" TO spaceport_app;
GRANT SELECT, INSERT ON "audit_event" TO spaceport_app;
GRANT USAGE ON SEQUENCE "audit_event_seq_seq" TO spaceport_app;
