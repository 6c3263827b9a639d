-- What the worker that leads a cluster last read of it, for the page of clusters. A table of its own: it changes every
-- minute, and nobody is notified of it as of the cluster's row.
CREATE TABLE "cluster_reading" (
    "cluster_id" UUID NOT NULL,
    "tried_at" TIMESTAMPTZ(3),
    "answered_at" TIMESTAMPTZ(3),
    "failing_since" TIMESTAMPTZ(3),
    "failure" TEXT,
    "version" TEXT,
    "latencies" REAL[] DEFAULT ARRAY[]::REAL[],
    "nodes" JSONB,
    "nodes_read_at" TIMESTAMPTZ(3),
    "nodes_refused_at" TIMESTAMPTZ(3),
    "drift_checked_at" TIMESTAMPTZ(3),
    "repaired_at" TIMESTAMPTZ(3)[] DEFAULT ARRAY[]::TIMESTAMPTZ(3)[],
    "exempt" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "exempt_count" INTEGER,

    CONSTRAINT "cluster_reading_pkey" PRIMARY KEY ("cluster_id")
);
ALTER TABLE "cluster_reading" ADD CONSTRAINT "cluster_reading_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The page shows the worker's word (ADR 44).
GRANT SELECT ON "cluster_reading" TO spaceport_web;
GRANT SELECT, INSERT, UPDATE ON "cluster_reading" TO spaceport_worker;
-- Who is exempt from the fences may be named after a person.
GRANT SELECT, UPDATE ("exempt") ON "cluster_reading" TO spaceport_pseudonymiser;
