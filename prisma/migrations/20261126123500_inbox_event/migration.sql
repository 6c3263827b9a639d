-- What happened to a person or waits for them: written in the transaction of what it tells of.
CREATE TABLE "inbox_event" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "space_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "read_at" TIMESTAMPTZ(3),
    "dedupe_key" TEXT,

    CONSTRAINT "inbox_event_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "inbox_event_user_id_created_at_id_idx" ON "inbox_event"("user_id", "created_at", "id");
CREATE UNIQUE INDEX "inbox_event_user_id_dedupe_key_key" ON "inbox_event"("user_id", "dedupe_key");
ALTER TABLE "inbox_event" ADD CONSTRAINT "inbox_event_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "inbox_event" ADD CONSTRAINT "inbox_event_space_id_fkey" FOREIGN KEY ("space_id") REFERENCES "space"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Every page counts what a person has not read.
CREATE INDEX "inbox_event_unread_idx" ON "inbox_event" ("user_id") WHERE "read_at" IS NULL;
-- Requests go to the platform admins: a few among all.
CREATE INDEX "user_account_admin_idx" ON "user_account" ("id") WHERE "platform_role" = 'admin';

GRANT SELECT, INSERT ON "inbox_event" TO spaceport_web, spaceport_worker;
GRANT UPDATE ("read_at") ON "inbox_event" TO spaceport_web;

-- Notices are events now. Processes of the release before still write and dismiss notices during an upgrade.
CREATE FUNCTION copy_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO inbox_event (id, user_id, kind, data, space_id, created_at, read_at)
  SELECT NEW.id, NEW.user_id, 'office-act',
    jsonb_build_object('act', NEW.act, 'space', jsonb_build_object('name', s.name, 'cluster', c.name)),
    NEW.space_id, NEW.created_at, NEW.seen_at
  FROM space s JOIN cluster c ON c.id = s.cluster_id WHERE s.id = NEW.space_id
  ON CONFLICT (id) DO UPDATE SET read_at = EXCLUDED.read_at;
  RETURN NULL;
END
$$;
CREATE TRIGGER "notice_copy" AFTER INSERT OR UPDATE ON "notice" FOR EACH ROW EXECUTE FUNCTION copy_notice();
UPDATE "notice" SET seen_at = seen_at;
