import type { AccessRow, ServiceMode } from '#lib/gateway/db/select-access.ts'
import { clusterRoleOf, greaterStanding, type Role } from '#lib/kernel/model/access/role.ts'

/**
 * A role in a space and its role on the cluster, from a start to an end in milliseconds since the epoch; null: open.
 */
type Span = {
  granted: Role
  role: Role
  startsAt: number | null
  endsAt: number | null
  /** When it is suspended until the provider confirms the person's groups; null: not from a group. */
  pausesAt: number | null
  /** Whether only provisioning can confirm the group. */
  pushed: boolean
}
export type SpaceAccess = { spaceId: string; cluster: string; namespace: string; door: ServiceMode; spans: Span[] }

/** Everything needed to decide about a credential, as of when it was read. Each decision reads the clock itself. */
export type Access = {
  credential: {
    id: string
    endsAt: number
    revokedAt: number | null
    deactivatedAt: number | null
    /** Whether the portal uses it, for requests from the person's browser. */
    ofSession: boolean
    cluster: string | null
    spaceId: string | null
  }
  person: { id: string; handle: string; name: string; email: string }
  /** cluster → namespace → the person's access there */
  spaces: ReadonlyMap<string, ReadonlyMap<string, SpaceAccess>>
  spaceIds: ReadonlySet<string>
}

export function indexAccess(row: AccessRow): Access {
  const spaces = new Map<string, Map<string, SpaceAccess>>()
  const spaceIds = new Set<string>()
  for (const { spaceId, cluster, namespace, door, role: granted, ends, ...times } of row.spans) {
    spaceIds.add(spaceId)
    const span = { granted, role: clusterRoleOf(granted, ends), ...times }
    let namespaces = spaces.get(cluster)
    if (!namespaces) {
      namespaces = new Map()
      spaces.set(cluster, namespaces)
    }
    const known = namespaces.get(namespace)
    if (known) known.spans.push(span)
    else namespaces.set(namespace, { spaceId, cluster, namespace, door, spans: [span] })
  }
  if (row.spaceId) spaceIds.add(row.spaceId)
  return {
    credential: {
      id: row.credentialId,
      endsAt: row.endsAt,
      revokedAt: row.revokedAt,
      deactivatedAt: row.deactivatedAt,
      ofSession: row.ofSession,
      cluster: row.cluster,
      spaceId: row.spaceId,
    },
    person: { id: row.userId, handle: row.handle, name: row.name, email: row.email },
    spaces,
    spaceIds,
  }
}

/** @returns the greatest cluster role in effect at an instant; the end is exclusive */
export const roleAt = (space: SpaceAccess, now: number): Role | null => greatestAt(space, now, 'role')

export const grantedAt = (space: SpaceAccess, now: number): Role | null => greatestAt(space, now, 'granted')

function greatestAt(space: SpaceAccess, now: number, which: 'role' | 'granted'): Role | null {
  let greatest: Role | null = null
  for (const span of space.spans)
    if (isInTime(span, now) && !isPaused(span, now)) greatest = greaterStanding(greatest, span[which])
  return greatest
}

const isInTime = ({ startsAt, endsAt }: Span, now: number): boolean =>
  (startsAt === null || startsAt <= now) && (endsAt === null || now < endsAt)

const isPaused = ({ pausesAt }: Span, now: number): boolean => pausesAt !== null && now >= pausesAt

/** @returns whether the person has a role there that is only suspended */
export const hasSuspendedRole = (space: SpaceAccess, now: number): boolean =>
  space.spans.some((span) => isInTime(span, now) && isPaused(span, now))

/** @returns whether all suspended roles are from provisioned groups: signing in doesn't help then */
export const isSuspendedByProvisioning = (space: SpaceAccess, now: number): boolean =>
  space.spans.every((span) => span.pushed || !isInTime(span, now) || !isPaused(span, now))

export const insideBounds = ({ credential }: Access, space: SpaceAccess): boolean =>
  (credential.spaceId === null || credential.spaceId === space.spaceId) &&
  (credential.cluster === null || credential.cluster === space.cluster)

/** @returns sorted IDs */
export function effectiveSpaceIds(access: Access, cluster: string, now: number): string[] {
  const ids: string[] = []
  for (const space of access.spaces.get(cluster)?.values() ?? [])
    if (insideBounds(access, space) && roleAt(space, now) !== null) ids.push(space.spaceId)
  return ids.sort()
}

/** @returns the next instant after `now` at which time alone may change a decision; Infinity: none is known */
export function nextChange(access: Access, now: number): number {
  let next = Number.POSITIVE_INFINITY
  const consider = (instant: number | null) => {
    if (instant !== null && instant > now && instant < next) next = instant
  }
  consider(access.credential.endsAt)
  for (const namespaces of access.spaces.values())
    for (const space of namespaces.values())
      for (const span of space.spans) {
        consider(span.startsAt)
        consider(span.endsAt)
        consider(span.pausesAt)
      }
  return next
}
