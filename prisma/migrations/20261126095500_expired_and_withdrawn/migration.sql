-- The words that people see: a request is withdrawn or expires, an offer expires.
ALTER TYPE "request_state" RENAME VALUE 'cancelled' TO 'withdrawn';
ALTER TYPE "request_state" RENAME VALUE 'lapsed' TO 'expired';
ALTER TYPE "offer_state" RENAME VALUE 'lapsed' TO 'expired';
ALTER TABLE "request" RENAME COLUMN "lapses_at" TO "expires_at";
ALTER TABLE "space_offer" RENAME COLUMN "lapses_at" TO "expires_at";
ALTER INDEX "request_state_lapses_at_idx" RENAME TO "request_state_expires_at_idx";
ALTER INDEX "space_offer_state_lapses_at_idx" RENAME TO "space_offer_state_expires_at_idx";
