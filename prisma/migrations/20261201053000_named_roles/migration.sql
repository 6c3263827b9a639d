-- The platform role that the operator gives a person by name: a push of groups doesn't take it away.
-- brief: the default is a constant, so no row is rewritten
ALTER TABLE "user_account" ADD COLUMN "named_role" "platform_role" NOT NULL DEFAULT 'member';

-- Which account an address gave a platform role to. It gives none to somebody else to whom the provider assigns it later.
CREATE TABLE "named_address" (
  -- SHA-256 of the issuer and the address.
  "hash" BYTEA NOT NULL,
  "user_id" UUID NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "named_address_pkey" PRIMARY KEY ("hash"),
  CONSTRAINT "named_address_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
GRANT SELECT, INSERT ON "named_address" TO spaceport_web;
