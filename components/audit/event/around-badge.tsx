import { Badge } from '#components/ui/badge.tsx'

/** Marks an action that bypassed the gateway, as reported by the cluster's audit log. */
export function AroundBadge() {
  return (
    <Badge tone="bad" icon="alert-triangle">
      Bypassed the gateway
    </Badge>
  )
}
