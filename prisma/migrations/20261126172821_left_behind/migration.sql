-- What a person made that could act for them when they are gone, and whether somebody has removed it since: two small
-- indexes, which few rows of the trail are in.
CREATE INDEX "audit_event_made_idx" ON "audit_event"("actor_id", "seq") WHERE "intent_id" IS NULL
  AND "action" IN ('kubectl.create', 'kubectl.update', 'kubectl.patch') AND "target_kind" IN ('serviceaccounts', 'roles.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io');
CREATE INDEX "audit_event_unmade_idx" ON "audit_event"("space_id", "target_kind", "target_name", "seq") WHERE "intent_id" IS NULL
  AND "action" = 'kubectl.delete' AND "target_kind" IN ('serviceaccounts', 'roles.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io');
