import type { Role } from '#lib/kernel/model/access/role.ts'
import type { ClusterGrant } from '#lib/kernel/model/spaces/grant-on-cluster.ts'
import type { DesiredSpace } from '#lib/kernel/model/spaces/render-space.ts'
import type { Recovered, RecoveredSpace } from './recovered.ts'

/** A space in the database. */
export type KeptSpace = Pick<DesiredSpace, 'id' | 'name' | 'namespace' | 'endsAt' | 'grants'> & {
  /** The owner's handle. */
  owner: string
  /** The people who should be bound. */
  members: readonly { handle: string; role: Role }[]
}

/**
 * Compares a restored database with a cluster, before workers reconcile the cluster. Changes since the backup are only
 * on the cluster.
 * @param deleting ids of spaces that are being deleted in the database
 * @returns a sentence for each difference
 */
export function compareRecovered(
  kept: readonly KeptSpace[],
  deleting: ReadonlySet<string>,
  { spaces, unclear }: Recovered,
): string[] {
  const byId = new Map(spaces.map((space) => [space.id, space]))
  const byNamespace = new Map(spaces.map((space) => [space.namespace, space]))
  const known = new Set(kept.map(({ id }) => id))
  const sentences = kept.flatMap((space) => {
    const found = byId.get(space.id)
    return found ? compareSpace(space, found) : [describeMissing(space, byNamespace.get(space.namespace))]
  })
  const made = spaces.filter(({ id }) => !known.has(id) && !deleting.has(id))
  return [
    ...sentences,
    ...made.map(
      ({ namespace, owner, bound }) =>
        `Namespace ${namespace} of ${owner} belongs to no space: it was created since the backup. Bound there: ${listBound(bound)}.`,
    ),
    ...describeUnbound(kept, spaces),
    ...unclear,
  ]
}

/** The statements in docs/backup-and-restore.md need the namespace. */
const nameOf = ({ name, namespace }: KeptSpace): string => `${name} (${namespace})`

function compareSpace(space: KeptSpace, found: RecoveredSpace): string[] {
  const name = nameOf(space)
  const sentences: string[] = []
  if (space.owner !== found.owner)
    sentences.push(`Space ${name} belongs to ${space.owner} in the database, but to ${found.owner} on the cluster.`)
  const there = new Map(found.bound.map(({ handle, role }) => [handle, role]))
  const wanted = new Map(space.members.map(({ handle, role }) => [handle, role]))
  for (const [handle, role] of wanted) {
    const now = there.get(handle)
    if (now === undefined)
      sentences.push(
        `Space ${name}: ${handle} is ${role} in the database, but has no role on the cluster: removed since the backup.`,
      )
    else if (now !== role)
      sentences.push(
        `Space ${name}: ${handle} is ${role} in the database, but ${now} on the cluster: changed since the backup.`,
      )
  }
  for (const [handle, role] of there)
    if (!wanted.has(handle))
      sentences.push(
        `Space ${name}: ${handle} is ${role} on the cluster, but has no role in the database: granted since the backup.`,
      )
  if (!sameInstant(space.endsAt, found.endsAt))
    sentences.push(
      `Space ${name} ends ${endOf(space.endsAt)} in the database, but ${endOf(found.endsAt)} on the cluster: changed since the backup.`,
    )
  const reportedHandles = new Set(
    [...wanted].filter(([handle, role]) => there.get(handle) !== role).map(([handle]) => handle),
  )
  return [...sentences, ...compareGrants(space, found, reportedHandles)]
}

const endOf = (at: Date | null): string => (at === null ? 'never' : at.toISOString())
const sameInstant = (one: Date | null, other: Date | null): boolean => one?.getTime() === other?.getTime()

/**
 * Compares what bindings don't show: roles of groups, whose members may come later, scheduled roles, and ends.
 * @param reportedHandles people with a reported difference
 */
function compareGrants(space: KeptSpace, found: RecoveredSpace, reportedHandles: ReadonlySet<string>): string[] {
  const name = nameOf(space)
  if (found.grants === null)
    return space.grants.length === 0
      ? []
      : [`Space ${name}: the cluster doesn’t record the roles of groups or scheduled roles. Check all of them.`]
  const there = new Map(found.grants.map((grant) => [grant.id, grant]))
  return space.grants.flatMap((grant) => {
    if ('handle' in grant.to && reportedHandles.has(grant.to.handle)) return []
    const what = `Space ${name}: the role ${grant.role} of ${'handle' in grant.to ? grant.to.handle : `group ${grant.to.group}`}`
    const which = `(grant ${grant.id})`
    const now = there.get(grant.id)
    if (!now) return [`${what} isn’t on the cluster: removed since the backup ${which}.`]
    return differences(grant, now).map((difference) => `${what} ${difference} ${which}.`)
  })
}

function differences(kept: ClusterGrant, now: ClusterGrant): string[] {
  const found: string[] = []
  if (kept.role !== now.role) found.push(`is ${now.role} on the cluster: changed since the backup`)
  if (!sameInstant(kept.startsAt, now.startsAt))
    found.push(`starts ${endOf(kept.startsAt)}, but ${endOf(now.startsAt)} on the cluster: changed since the backup`)
  if (!sameInstant(kept.endsAt, now.endsAt))
    found.push(`ends ${endOf(kept.endsAt)}, but ${endOf(now.endsAt)} on the cluster: changed since the backup`)
  for (const handle of now.withheldFrom)
    if (!kept.withheldFrom.includes(handle))
      found.push(`is withheld from ${handle} on the cluster: removed since the backup`)
  return found
}

const listBound = (bound: readonly { handle: string; role: Role }[]): string =>
  bound.length === 0 ? 'no one' : bound.map(({ handle, role }) => `${handle} (${role})`).join(', ')

function describeMissing(space: KeptSpace, instead: RecoveredSpace | undefined): string {
  const missing = `Space ${nameOf(space)} of ${space.owner} isn’t on the cluster: it was deleted since the backup.`
  return instead
    ? `${missing} Its namespace now belongs to another space, of ${instead.owner}, which workers don’t change.`
    : `${missing} Workers recreate it, empty, with ${listBound(space.members)}.`
}

/** Deactivated and offboarded people have no bindings. */
function describeUnbound(kept: readonly KeptSpace[], spaces: readonly RecoveredSpace[]): string[] {
  const bound = new Set(spaces.flatMap((space) => space.bound.map(({ handle }) => handle)))
  const present = new Set(spaces.map(({ id }) => id))
  const wanted = new Set(
    kept.filter(({ id }) => present.has(id)).flatMap(({ members }) => members.map(({ handle }) => handle)),
  )
  return [...wanted]
    .filter((handle) => !bound.has(handle))
    .map(
      (handle) =>
        `${handle} has a role in the database, but none on the cluster: deactivated, offboarded or removed everywhere since the backup.`,
    )
}
