-- Up to which row of a cluster's audit somebody was told that an identity of Spaceport's was used by somebody else, and when.
ALTER TABLE "cluster_audit_intake" ADD COLUMN "alarmed_seq" BIGINT, ADD COLUMN "alarmed_at" TIMESTAMPTZ(3);

-- The worker looks for such rows every few seconds. They are rare, and only what a cluster reported has a route.
CREATE INDEX "audit_event_unmatched_idx" ON "audit_event"("destination", "seq")
  WHERE "intent_id" IS NULL AND "action" = 'cluster.unmatched' AND "route" IS NOT NULL;
