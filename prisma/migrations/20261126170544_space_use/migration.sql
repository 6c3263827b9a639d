-- When a person last used a space with kubectl: the gateway writes it, at most once a minute for each.
CREATE TABLE "space_use" (
    "space_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "space_use_pkey" PRIMARY KEY ("space_id", "user_id")
);
ALTER TABLE "space_use" ADD CONSTRAINT "space_use_space_id_fkey" FOREIGN KEY ("space_id") REFERENCES "space"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "space_use" ADD CONSTRAINT "space_use_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

GRANT SELECT ON "space_use" TO spaceport_web, spaceport_worker;
GRANT SELECT, INSERT, UPDATE ("last_used_at") ON "space_use" TO spaceport_gateway;

-- What is known of earlier uses: of the credentials that are bound to one space.
INSERT INTO "space_use" ("space_id", "user_id", "last_used_at")
SELECT "space_id", "user_id", max("last_used_at") FROM "credential"
WHERE "space_id" IS NOT NULL AND "last_used_at" IS NOT NULL GROUP BY 1, 2;
