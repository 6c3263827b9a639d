import type { Role } from '#lib/kernel/model/access/role.ts'

/**
 * A grant as stored on its space's namespace: people by handle, groups by name and provider. `not`: handles of people
 * from whom it is withheld.
 */
export type ClusterGrant = {
  id: string
  to: { handle: string } | { group: string; issuer: string }
  role: Role
  startsAt: Date
  endsAt: Date | null
  requestId: string | null
  withheldFrom: readonly string[]
}

/**
 * The annotations of an object are limited to 256 KiB in total
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/). A longer list is left out.
 */
const maxGrantsLength = 128 * 1024
/** Marks a list that was left out. */
const tooManyGrants = 'too many'

/** @returns the value of the annotation, deterministic; parse-grants-on-cluster.ts reads it */
export function renderGrants(grants: readonly ClusterGrant[]): string {
  const text = JSON.stringify(
    grants.map(({ id, to, role, startsAt, endsAt, requestId, withheldFrom }) => ({
      id,
      ...('handle' in to ? { person: to.handle } : { group: to.group, issuer: to.issuer }),
      role,
      from: startsAt.toISOString(),
      ...(endsAt && { until: endsAt.toISOString() }),
      ...(requestId !== null && { request: requestId }),
      ...(withheldFrom.length > 0 && { not: [...withheldFrom].sort() }),
    })),
  )
  return new TextEncoder().encode(text).length > maxGrantsLength ? tooManyGrants : text
}
