import type { BlockedByQuota, SpaceEvent, Workload } from './space-inside.ts'

/**
 * Finds what the quota keeps from starting. A Deployment says so itself, as long as it is true. The other kinds only
 * leave events, which count while pods are missing.
 * @returns null if nothing waits for quota
 */
export function blockedByQuota({
  workloads,
  events,
}: {
  workloads: readonly Workload[]
  /** All, newest first. */
  events: readonly SpaceEvent[]
}): BlockedByQuota | null {
  const waiting = workloads.flatMap((workload) => {
    const resources = exceededIn(workload.refusal ?? lastRefusal(workload, events))
    return resources.length > 0 ? [{ kind: workload.kind, name: workload.name, resources }] : []
  })
  if (waiting.length === 0) return null
  return {
    workloads: waiting.map(({ kind, name }) => ({ kind, name })),
    resources: [...new Set(waiting.flatMap(({ resources }) => resources))].sort(),
  }
}

function lastRefusal({ kind, name, ready, desired }: Workload, events: readonly SpaceEvent[]): string {
  if (kind === 'Deployment' || ready >= desired) return ''
  const newest = events.find(({ object, reason }) => object === `${kind}/${name}` && reason.startsWith('Failed'))
  return newest?.message ?? ''
}

/**
 * @param message of the API server's quota admission: "exceeded quota: NAME, requested: pods=1, used: pods=20, limited:
 *   pods=20". It names only the resources that would be exceeded
 * @returns the names of those resources; empty for any other message
 */
function exceededIn(message: string): string[] {
  const requested = /exceeded quota: [^,]+, requested: (.+?), used: /.exec(message)?.[1] ?? ''
  return [...requested.matchAll(/([^=,\s]+)=/g)].map(([, resource = '']) => resource)
}
