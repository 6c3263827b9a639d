-- When the cluster had what an approval gave; null while it hasn't, and where an earlier release saw to it.
ALTER TABLE "request" ADD COLUMN "took_effect_at" TIMESTAMPTZ(3);
GRANT UPDATE ("took_effect_at") ON "request" TO spaceport_worker;

-- Since when a space can't be brought to its desired state, as long as failure_code says why.
ALTER TABLE "space" ADD COLUMN "failing_since" TIMESTAMPTZ(3);
GRANT UPDATE ("failing_since") ON "space" TO spaceport_worker;
