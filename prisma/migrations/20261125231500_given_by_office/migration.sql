-- Platform admins who gave a grant by office, out of nothing that they hold in the space. It never counts for them, also
-- once they come into its group.
ALTER TABLE "space_grant" ADD COLUMN "withheld_from" UUID[] DEFAULT ARRAY[]::UUID[];
ALTER TABLE "space_grant" ADD CONSTRAINT "space_grant_withheld" CHECK ("withheld_from" IS NOT NULL);

-- What somebody is told of, until they say that they have seen it.
CREATE TABLE "notice" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "space_id" UUID NOT NULL,
    "act" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3),

    CONSTRAINT "notice_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "notice_user_id_created_at_idx" ON "notice"("user_id", "created_at");
ALTER TABLE "notice" ADD CONSTRAINT "notice_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "notice" ADD CONSTRAINT "notice_space_id_fkey" FOREIGN KEY ("space_id") REFERENCES "space"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

GRANT SELECT, INSERT, UPDATE ON "notice" TO spaceport_app;
