-- The trail is searched for actions; an outcome is found by its intent alone. Every other index leaves outcomes out: they
-- are half of the rows, and the search index costs more than twice as much as everything else about a row.
DROP INDEX "audit_event_text_idx";
DROP INDEX "audit_event_at_idx";
DROP INDEX "audit_event_space_id_seq_idx";
DROP INDEX "audit_event_action_seq_idx";
CREATE INDEX "audit_event_text_idx" ON "audit_event" USING gin (audit_event_text("audit_event".*) gin_trgm_ops) WHERE "intent_id" IS NULL;
CREATE INDEX "audit_event_at_idx" ON "audit_event"("at") WHERE "intent_id" IS NULL;
CREATE INDEX "audit_event_space_id_seq_idx" ON "audit_event"("space_id", "seq") WHERE "intent_id" IS NULL;
CREATE INDEX "audit_event_action_seq_idx" ON "audit_event"("action", "seq") WHERE "intent_id" IS NULL;

-- No query has ever used it: people are found by their handle or name.
DROP INDEX "audit_event_actor_id_seq_idx";
