import type { BlockedByQuota, PlacedWorkload } from './space-inside.ts'

/** @returns what the quota keeps from starting, and the resources that ran out; null: nothing waits for quota */
export function blockedByQuota(workloads: readonly PlacedWorkload[]): BlockedByQuota | null {
  const waiting = workloads.filter(({ problem }) => problem?.kind === 'quota')
  if (waiting.length === 0) return null
  return {
    workloads: waiting.map(({ kind, name }) => ({ kind, name })),
    resources: [...new Set(waiting.flatMap(({ problem }) => exceededIn(problem?.message ?? '')))].sort(),
  }
}

/**
 * @param message of the API server's quota admission: "exceeded quota: NAME, requested: pods=1, used: pods=20, limited:
 *   pods=20". It names only the resources that would be exceeded
 * @returns the names of those resources; empty for any other message
 */
export function exceededIn(message: string): string[] {
  const requested = /exceeded quota: [^,]+, requested: (.+?), used: /.exec(message)?.[1] ?? ''
  return [...requested.matchAll(/([^=,\s]+)=/g)].map(([, resource = '']) => resource)
}
