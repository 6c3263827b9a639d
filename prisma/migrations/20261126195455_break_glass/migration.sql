-- Where the platform role has to be activated, a platform admin has it until then, for this reason.
ALTER TABLE "user_account" ADD COLUMN "admin_until" TIMESTAMPTZ(3), ADD COLUMN "admin_reason" TEXT;

-- Open pages of the person learn at once that the role began or was ended.
DROP TRIGGER "user_account_notify" ON "user_account";
CREATE TRIGGER "user_account_notify" AFTER UPDATE ON "user_account" FOR EACH ROW
  WHEN (OLD.deactivated_at IS DISTINCT FROM NEW.deactivated_at OR OLD.platform_role IS DISTINCT FROM NEW.platform_role
    OR OLD.admin_until IS DISTINCT FROM NEW.admin_until) EXECUTE FUNCTION notify_user();

-- A code of the sealed account, of which only the hash is kept, and what became of it.
CREATE TABLE "sealed_code" (
    "id" UUID NOT NULL,
    "code_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "used_by_id" UUID,
    "source_address" TEXT,
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledged_by_id" UUID,

    CONSTRAINT "sealed_code_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "sealed_code_code_hash_key" ON "sealed_code"("code_hash");
ALTER TABLE "sealed_code" ADD CONSTRAINT "sealed_code_used_by_id_fkey" FOREIGN KEY ("used_by_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "sealed_code" ADD CONSTRAINT "sealed_code_acknowledged_by_id_fkey" FOREIGN KEY ("acknowledged_by_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Every page of an admin asks whether a use waits to be looked into.
CREATE INDEX "sealed_code_alarm_idx" ON "sealed_code" ("used_at") WHERE "used_at" IS NOT NULL AND "acknowledged_at" IS NULL;

-- A code works once, and what was recorded of its use stays, whatever the process that used it does later.
CREATE FUNCTION keep_sealed_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.used_at IS NOT NULL AND (NEW.used_at, NEW.used_by_id, NEW.source_address) IS DISTINCT FROM (OLD.used_at, OLD.used_by_id, OLD.source_address)
    OR OLD.acknowledged_at IS NOT NULL AND (NEW.acknowledged_at, NEW.acknowledged_by_id) IS DISTINCT FROM (OLD.acknowledged_at, OLD.acknowledged_by_id)
  THEN
    RAISE EXCEPTION 'the use of a sealed code is recorded once';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER "sealed_code_keep" BEFORE UPDATE ON "sealed_code" FOR EACH ROW EXECUTE FUNCTION keep_sealed_code();

-- Only the operator's command, as the owner of the tables, makes codes and takes them back.
GRANT SELECT, UPDATE ("used_at", "used_by_id", "source_address", "acknowledged_at", "acknowledged_by_id") ON "sealed_code" TO spaceport_web;
