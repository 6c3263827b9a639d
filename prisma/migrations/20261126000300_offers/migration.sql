CREATE TYPE "offer_state" AS ENUM ('open', 'accepted', 'declined', 'withdrawn', 'lapsed');

-- Somebody may own a space if they want to. Until they say so it stays its owner's.
CREATE TABLE "space_offer" (
    "id" UUID NOT NULL,
    "space_id" UUID NOT NULL,
    "from_id" UUID NOT NULL,
    "to_id" UUID NOT NULL,
    "by_id" UUID NOT NULL,
    "reason" TEXT,
    "state" "offer_state" NOT NULL DEFAULT 'open',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "lapses_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "space_offer_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "space_offer_space_id_idx" ON "space_offer"("space_id");
CREATE INDEX "space_offer_to_id_state_idx" ON "space_offer"("to_id", "state");
CREATE INDEX "space_offer_state_lapses_at_idx" ON "space_offer"("state", "lapses_at");
ALTER TABLE "space_offer" ADD CONSTRAINT "space_offer_space_id_fkey" FOREIGN KEY ("space_id") REFERENCES "space"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "space_offer" ADD CONSTRAINT "space_offer_from_id_fkey" FOREIGN KEY ("from_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "space_offer" ADD CONSTRAINT "space_offer_to_id_fkey" FOREIGN KEY ("to_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "space_offer" ADD CONSTRAINT "space_offer_by_id_fkey" FOREIGN KEY ("by_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A space is offered to one person at a time, and never to whoever offers it.
CREATE UNIQUE INDEX "space_offer_open_key" ON "space_offer" ("space_id") WHERE "state" = 'open';
ALTER TABLE "space_offer" ADD CONSTRAINT "space_offer_to_others" CHECK ("to_id" <> "by_id" AND "to_id" <> "from_id");

-- Pages that show the space follow.
CREATE FUNCTION notify_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('spaceport_space', NEW.space_id::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER "space_offer_notify" AFTER INSERT OR UPDATE ON "space_offer" FOR EACH ROW EXECUTE FUNCTION notify_offer();

GRANT SELECT, INSERT, UPDATE ON "space_offer" TO spaceport_web;
GRANT SELECT ON "space_offer" TO spaceport_worker;
GRANT UPDATE ("state", "closed_at") ON "space_offer" TO spaceport_worker;
