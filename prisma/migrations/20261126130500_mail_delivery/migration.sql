-- The identity provider says that it hasn't checked the address: nothing is sent there.
ALTER TABLE "user_account" ADD COLUMN "email_unverified" BOOLEAN NOT NULL DEFAULT false;
-- Which groups of events reach a person by mail, where they have chosen.
ALTER TABLE "user_account" ADD COLUMN "mail_choices" JSONB NOT NULL DEFAULT '{}';

CREATE TYPE "mail_state" AS ENUM ('waiting', 'sent', 'skipped', 'given_up');

-- A mail about an event, from the transaction that wrote the event until it is sent.
CREATE TABLE "mail_delivery" (
    "id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "state" "mail_state" NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "mail_delivery_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "mail_delivery_event_id_key" ON "mail_delivery"("event_id");
ALTER TABLE "mail_delivery" ADD CONSTRAINT "mail_delivery_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "inbox_event"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The worker looks every few seconds for what is due.
CREATE INDEX "mail_delivery_due_idx" ON "mail_delivery" ("next_attempt_at") WHERE "state" = 'waiting';

GRANT SELECT, INSERT ("id", "event_id", "created_at", "next_attempt_at") ON "mail_delivery" TO spaceport_web, spaceport_worker;
GRANT UPDATE ("state", "attempts", "next_attempt_at", "last_error", "closed_at") ON "mail_delivery" TO spaceport_worker;
