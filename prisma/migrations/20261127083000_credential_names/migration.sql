-- What kubeconfigs are told apart by: the name that somebody gives one, the first six characters of its token (no more
-- than these: 36 of its 256 bits), and the client that used it last.
ALTER TABLE "credential" ADD COLUMN "name" TEXT, ADD COLUMN "token_start" TEXT, ADD COLUMN "last_used_client" TEXT;
ALTER TABLE "credential" ADD CONSTRAINT "credential_token_start" CHECK ("token_start" ~ '^[A-Za-z0-9_-]{6}$');

GRANT UPDATE ("last_used_client") ON "credential" TO spaceport_gateway;
-- Somebody may call theirs "Alice’s laptop" (ADR 43).
GRANT UPDATE ("name", "last_used_client") ON "credential" TO spaceport_pseudonymiser;
