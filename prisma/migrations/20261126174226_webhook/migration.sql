CREATE TYPE "webhook_format" AS ENUM ('spaceport', 'slack', 'teams');

-- Where a person’s events go besides their inbox. URL and secret are sealed: neither the database nor its thief can use them.
CREATE TABLE "webhook" (
    "user_id" UUID NOT NULL,
    "format" "webhook_format" NOT NULL,
    "host" TEXT NOT NULL,
    "sealed_url" TEXT NOT NULL,
    "sealed_secret" TEXT NOT NULL,
    "choices" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "off_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_pkey" PRIMARY KEY ("user_id")
);
ALTER TABLE "webhook" ADD CONSTRAINT "webhook_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- An event on its way to a webhook, as mail_delivery is by mail.
CREATE TABLE "webhook_delivery" (
    "id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "state" "mail_state" NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "webhook_delivery_event_id_key" ON "webhook_delivery"("event_id");
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "inbox_event"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The worker looks every few seconds for what is due.
CREATE INDEX "webhook_delivery_due_idx" ON "webhook_delivery" ("next_attempt_at") WHERE "state" = 'waiting';

GRANT SELECT, INSERT, UPDATE, DELETE ON "webhook" TO spaceport_web;
GRANT SELECT, UPDATE ("off_at") ON "webhook" TO spaceport_worker;
GRANT SELECT, INSERT ("id", "event_id", "created_at", "next_attempt_at") ON "webhook_delivery" TO spaceport_web, spaceport_worker;
GRANT UPDATE ("state", "attempts", "next_attempt_at", "last_error", "closed_at") ON "webhook_delivery" TO spaceport_worker;
