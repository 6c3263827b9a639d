import type { Role } from '#lib/kernel/model/access/role.ts'

/**
 * A grant as it is noted on its space's namespace. A person is named by their handle, as on the cluster; a group by its
 * provider too. `not`: the handles of those from whom it is withheld.
 */
export type PlacedGrant = {
  id: string
  to: { handle: string } | { group: string; issuer: string }
  role: Role
  startsAt: Date
  endsAt: Date | null
  requestId: string | null
  withheldFrom: readonly string[]
}

/**
 * All annotations of an object may have 256 KiB together
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/). Longer than this is left out.
 */
const maxGrantsLength = 128 * 1024
/** What is there in that case: nothing is known. */
const tooManyGrants = 'too many'

/** @returns the value of the annotation: always the same for the same grants; parse-grants-on-cluster.ts reads it */
export function renderGrants(grants: readonly PlacedGrant[]): string {
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
