import { Badge } from '#components/ui/badge.tsx'

/** Marks what happened in a space past the gateway, as the cluster's own audit reported it. */
export function AroundBadge() {
  return (
    <Badge tone="bad" icon="alert-triangle">
      Around the gateway
    </Badge>
  )
}
