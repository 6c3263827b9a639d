import type { Role } from '#lib/kernel/model/access/role.ts'
import type { ClusterGrant } from '#lib/kernel/model/spaces/grant-on-cluster.ts'
import type { DesiredSpace } from '#lib/kernel/model/spaces/render-space.ts'
import type { Recovered, RecoveredSpace } from './recovered.ts'

/** A space as the database has it. */
export type KeptSpace = Pick<DesiredSpace, 'id' | 'name' | 'namespace' | 'endsAt' | 'grants'> & {
  /** The owner's handle. */
  owner: string
  /** Who should be bound. */
  members: readonly { handle: string; role: Role }[]
}

/**
 * Compares a database that was restored from a backup with what a cluster says, before workers put the cluster back to the
 * database: what was given or taken since the backup is on the cluster and nowhere else.
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
    return found ? compareSpace(space, found) : [notifyGone(space, byNamespace.get(space.namespace))]
  })
  const made = spaces.filter(({ id }) => !known.has(id) && !deleting.has(id))
  return [
    ...sentences,
    ...made.map(
      ({ namespace, owner, bound }) =>
        `Namespace ${namespace} of ${owner} belongs to no space: it was made since. Bound there: ${listBound(bound)}.`,
    ),
    ...notifyUnbound(kept, spaces),
    ...unclear,
  ]
}

/** The page’s statements ask for the namespace. */
const nameOf = ({ name, namespace }: KeptSpace): string => `${name} (${namespace})`

function compareSpace(space: KeptSpace, found: RecoveredSpace): string[] {
  const name = nameOf(space)
  const sentences: string[] = []
  if (space.owner !== found.owner)
    sentences.push(`Space ${name} is ${space.owner}’s in the database, and ${found.owner}’s on the cluster.`)
  const there = new Map(found.bound.map(({ handle, role }) => [handle, role]))
  const wanted = new Map(space.members.map(({ handle, role }) => [handle, role]))
  for (const [handle, role] of wanted) {
    const now = there.get(handle)
    if (now === undefined)
      sentences.push(`Space ${name}: ${handle} is ${role} in the database, and nothing on the cluster: taken since.`)
    else if (now !== role)
      sentences.push(`Space ${name}: ${handle} is ${role} in the database, and ${now} on the cluster: changed since.`)
  }
  for (const [handle, role] of there)
    if (!wanted.has(handle))
      sentences.push(`Space ${name}: ${handle} is ${role} on the cluster, and nothing in the database: given since.`)
  if (!sameInstant(space.endsAt, found.endsAt))
    sentences.push(
      `Space ${name} ends ${endOf(space.endsAt)} in the database, and ${endOf(found.endsAt)} on the cluster: changed since.`,
    )
  const told = new Set([...wanted].filter(([handle, role]) => there.get(handle) !== role).map(([handle]) => handle))
  return [...sentences, ...compareGrants(space, found, told)]
}

const endOf = (at: Date | null): string => (at === null ? 'never' : at.toISOString())
const sameInstant = (one: Date | null, other: Date | null): boolean => one?.getTime() === other?.getTime()

/**
 * What who is bound doesn’t show: a group’s role, whose members may come later, one that starts later, and ends.
 * @param told whose own grants have their sentence already
 */
function compareGrants(space: KeptSpace, found: RecoveredSpace, told: ReadonlySet<string>): string[] {
  const name = nameOf(space)
  if (found.grants === null)
    return space.grants.length === 0
      ? []
      : [
          `Space ${name}: the cluster doesn’t say which roles groups have and which start later. Look through all of them.`,
        ]
  const there = new Map(found.grants.map((grant) => [grant.id, grant]))
  return space.grants.flatMap((grant) => {
    if ('handle' in grant.to && told.has(grant.to.handle)) return []
    const what = `Space ${name}: the role ${grant.role} of ${'handle' in grant.to ? grant.to.handle : `group ${grant.to.group}`}`
    const which = `(grant ${grant.id})`
    const now = there.get(grant.id)
    if (!now) return [`${what} isn’t on the cluster: taken since ${which}.`]
    return differences(grant, now).map((difference) => `${what} ${difference} ${which}.`)
  })
}

function differences(kept: ClusterGrant, now: ClusterGrant): string[] {
  const found: string[] = []
  if (kept.role !== now.role) found.push(`is ${now.role} on the cluster: changed since`)
  if (!sameInstant(kept.startsAt, now.startsAt))
    found.push(`starts ${endOf(kept.startsAt)}, and ${endOf(now.startsAt)} on the cluster: changed since`)
  if (!sameInstant(kept.endsAt, now.endsAt))
    found.push(`ends ${endOf(kept.endsAt)}, and ${endOf(now.endsAt)} on the cluster: changed since`)
  for (const handle of now.withheldFrom)
    if (!kept.withheldFrom.includes(handle)) found.push(`is withheld from ${handle} on the cluster: taken since`)
  return found
}

const listBound = (bound: readonly { handle: string; role: Role }[]): string =>
  bound.length === 0 ? 'nobody' : bound.map(({ handle, role }) => `${handle} (${role})`).join(', ')

function notifyGone(space: KeptSpace, instead: RecoveredSpace | undefined): string {
  const gone = `Space ${nameOf(space)} of ${space.owner} isn’t on the cluster: it was deleted since.`
  return instead
    ? `${gone} Its namespace is another space’s now, of ${instead.owner}, which workers leave alone.`
    : `${gone} Workers make it again, empty, with ${listBound(space.members)}.`
}

/** Whoever was deactivated or offboarded is bound nowhere. */
function notifyUnbound(kept: readonly KeptSpace[], spaces: readonly RecoveredSpace[]): string[] {
  const bound = new Set(spaces.flatMap((space) => space.bound.map(({ handle }) => handle)))
  const present = new Set(spaces.map(({ id }) => id))
  const wanted = new Set(
    kept.filter(({ id }) => present.has(id)).flatMap(({ members }) => members.map(({ handle }) => handle)),
  )
  return [...wanted]
    .filter((handle) => !bound.has(handle))
    .map(
      (handle) =>
        `${handle} has a role in the database and none on the cluster: deactivated or offboarded since, or removed everywhere.`,
    )
}
