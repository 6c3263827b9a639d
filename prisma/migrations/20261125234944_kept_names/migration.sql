-- Who had a space of that name before: it is kept for them for a while.
CREATE INDEX "space_gone_namespace_idx" ON "space" ("cluster_id", "namespace") WHERE "status" IN ('deleting', 'deleted');
