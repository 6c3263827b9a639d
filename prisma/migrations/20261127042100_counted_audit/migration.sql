-- What a cluster's audit reports beyond what is kept is counted here, by the minute, and becomes one row of the trail for each
-- key once the minute is over.
CREATE TABLE "cluster_audit_counted" (
    "cluster_id" UUID NOT NULL,
    "minute" TIMESTAMPTZ(3) NOT NULL,
    "key" TEXT NOT NULL,
    "count" BIGINT NOT NULL,
    "row" JSONB NOT NULL,

    CONSTRAINT "cluster_audit_counted_pkey" PRIMARY KEY ("cluster_id", "minute", "key")
);
ALTER TABLE "cluster_audit_counted" ADD CONSTRAINT "cluster_audit_counted_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
GRANT SELECT, INSERT, UPDATE, DELETE ON "cluster_audit_counted" TO spaceport_worker;
