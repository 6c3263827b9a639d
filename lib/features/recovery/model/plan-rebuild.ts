import { clusterRoleOf, compareStanding } from '#lib/kernel/model/access/role.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import type { ClusterGrant } from '#lib/kernel/model/spaces/grant-on-cluster.ts'
import type { Recovered, RecoveredSpace } from './recovered.ts'
import type { ExportedPerson, RecoveryFile } from './recovery-file.ts'

/** How long a restored role lasts if its end is unknown: just long enough for a review. */
const unknownEndDays = 14

export type RebuiltPerson = {
  id: string
  issuer: string
  subject: string
  /** Missing: `sub` */
  subjectClaim?: string | undefined
  oidcSub?: string | null | undefined
  handle: string
  name: string
  email: string
  createdAt: Date
  deactivatedAt: Date | null
  deactivationReason: string | null
  groups: readonly string[]
  groupsVerifiedAt: Date
}
export type RebuiltGrant = Omit<ClusterGrant, 'to' | 'withheldFrom'> & {
  spaceId: string
  to: { userId: string } | { group: string; issuer: string }
  withheldFrom: string[]
}
export type RebuiltSpace = Omit<RecoveredSpace, 'owner' | 'grants' | 'bound'> & { ownerId: string }
export type RebuildPlan = {
  people: RebuiltPerson[]
  clusters: { name: string; spaces: RebuiltSpace[]; grants: RebuiltGrant[] }[]
  /** Sentences about what can't be restored, or only in part. */
  missing: string[]
  /** Sentences about conflicts of identity or ownership. Any conflict prevents the rebuild. */
  disputes: string[]
}

type Source = Recovered & { name: string }
type Now = { at: Date; newId: () => string }

/**
 * Plans the rebuild of a lost database from the clusters, and an export if there is one. No one gets more access than
 * these sources show, or for longer: no platform role, no group membership that isn't in an export, and no permanent
 * role if its end is unknown. A cluster's data gives access only to people whom that cluster or the export identifies.
 * Conflicts between sources are reported, never resolved.
 */
export function planRebuild(sources: readonly Source[], file: RecoveryFile | null, now: Now): RebuildPlan {
  const { at } = now
  const missing = sources.flatMap(({ name, unclear }) => unclear.map((sentence) => `${name}: ${sentence}`))
  const { people, disputes } = gatherPeople(sources, file, at, missing)
  disputes.push(...disputedSpaces(sources))
  const clusters = sources.map((source) => ({
    name: source.name,
    ...planSpaces(source, knownOn(source, people, file), file, now, missing),
  }))
  if (disputes.length === 0) deactivateUnbound(sources, people, at, missing)
  const known = new Set(sources.flatMap(({ spaces }) => spaces.map(({ id }) => id)))
  for (const space of file?.spaces ?? [])
    if (space.status !== 'deleted' && !known.has(space.id))
      missing.push(`${space.cluster}: Space ${space.name} is in the export, but its namespace isn’t on the cluster.`)
  return { people: [...people.values()], clusters, missing, disputes }
}

function gatherPeople(sources: readonly Source[], file: RecoveryFile | null, at: Date, missing: string[]) {
  const people = new Map<string, RebuiltPerson>()
  const disputes: string[] = []
  for (const person of file?.people ?? []) people.set(person.handle, fromFile(person))
  const exported = new Set(people.keys())
  const nameless: { handle: string; cluster: string }[] = []
  for (const { name: cluster, people: found } of sources) {
    for (const { handle, name, email, account } of found) {
      const known = people.get(handle)
      if (account === null) nameless.push({ handle, cluster })
      else if (!known) people.set(handle, { ...fromCluster(at), ...account, handle, name, email })
      else if (!isSame(known, account))
        disputes.push(`Who is ${handle}? Cluster ${cluster} contradicts another cluster or the export.`)
    }
  }
  for (const { handle, cluster } of nameless) {
    if (exported.has(handle)) continue
    const then = people.has(handle)
      ? 'Another cluster does, but isn’t trusted here, so they get no roles or spaces on this one.'
      : 'This person becomes a new person at their next sign-in.'
    missing.push(`${cluster}: Nothing identifies ${handle} at the identity provider. ${then}`)
  }
  const seen = new Map<string, string>()
  for (const { handle, id, issuer, subject } of people.values()) {
    for (const key of [JSON.stringify([issuer, subject]), id]) {
      const other = seen.get(key)
      if (other !== undefined) disputes.push(`${other} and ${handle} claim to be the same person.`)
      seen.set(key, handle)
    }
  }
  return { people, disputes }
}

type Identity = Pick<RebuiltPerson, 'id' | 'issuer' | 'subject' | 'subjectClaim'>
const isSame = (a: Identity, b: Identity): boolean =>
  a.id === b.id &&
  a.issuer === b.issuer &&
  a.subject === b.subject &&
  (a.subjectClaim ?? 'sub') === (b.subjectClaim ?? 'sub')

const fromFile = ({ kind: _, ...person }: ExportedPerson): RebuiltPerson => person

const fromCluster = (at: Date) => ({
  ...{ createdAt: at, deactivatedAt: null, deactivationReason: null, groups: [], groupsVerifiedAt: at },
})

/**
 * @returns the people whom the export or this cluster identifies. Another cluster isn't enough: its admins could write
 *   down their own account under a handle used only here, and take over its access.
 */
function knownOn(
  source: Source,
  people: ReadonlyMap<string, RebuiltPerson>,
  file: RecoveryFile | null,
): ReadonlyMap<string, RebuiltPerson> {
  const identified = [...(file?.people ?? []), ...source.people.filter(({ account }) => account !== null)]
  const handles = new Set(identified.map(({ handle }) => handle))
  return new Map([...people].filter(([handle]) => handles.has(handle)))
}

/** Reports ids, names and namespaces that occur twice, since one of them must be wrong. */
function disputedSpaces(sources: readonly Source[]): string[] {
  const seen = new Map<string, string>()
  const disputes: string[] = []
  for (const { name: cluster, spaces } of sources) {
    for (const { id, name, namespace } of spaces) {
      const here = `${namespace} on ${cluster}`
      for (const key of [id, `${cluster} ${name}`]) {
        const other = seen.get(key)
        if (other !== undefined) disputes.push(`Namespaces ${other} and ${here} claim to be the same space.`)
        seen.set(key, here)
      }
    }
  }
  return disputes
}

function planSpaces(
  { name: cluster, spaces: found }: Source,
  people: ReadonlyMap<string, RebuiltPerson>,
  file: RecoveryFile | null,
  now: Now,
  missing: string[],
): { spaces: RebuiltSpace[]; grants: RebuiltGrant[] } {
  const spaces: RebuiltSpace[] = []
  const grants: RebuiltGrant[] = []
  for (const { owner, grants: recorded, bound, ...space } of found) {
    const ownerId = people.get(owner)?.id
    if (ownerId === undefined) {
      missing.push(
        `${cluster}: Space ${space.name} can’t be restored: neither ${cluster} nor an export identifies its owner ${owner}.`,
      )
      continue
    }
    spaces.push({ ...space, ownerId })
    const members = bound.filter(({ handle }) => handle !== owner)
    const exported = file?.grants.filter((one) => one.space === space.id).map(({ grant }) => grant)
    const placed =
      recorded ??
      (exported
        ? stillBound(cluster, space, exported, bound, now.at, missing)
        : temporaryGrants(cluster, space, members, now, missing))
    grants.push(...planGrants(cluster, space, placed, people, now.at, missing))
  }
  return { spaces, grants }
}

/** Without a record of the grants, bound people keep their roles for a limited time. */
function temporaryGrants(
  cluster: string,
  space: { id: string; name: string },
  members: RecoveredSpace['bound'],
  { at, newId }: Now,
  missing: string[],
): ClusterGrant[] {
  if (members.length > 0)
    missing.push(
      `${cluster}: Nothing records how the members of ${space.name} got their roles, or when these end. They keep them for ${unknownEndDays} days.`,
    )
  const endsAt = new Date(at.getTime() + unknownEndDays * dayMs)
  return members.map(({ handle, role }) => ({
    ...{ id: newId(), to: { handle }, role, startsAt: at, endsAt, requestId: null, withheldFrom: [] },
  }))
}

/**
 * Uses the export's grants. People who are no longer bound accordingly have lost the role since, and don't get it back.
 */
function stillBound(
  cluster: string,
  space: { name: string },
  exported: readonly ClusterGrant[],
  bound: RecoveredSpace['bound'],
  at: Date,
  missing: string[],
): ClusterGrant[] {
  missing.push(
    `${cluster}: The cluster doesn’t record how people got their roles in ${space.name}, so the export is used. Check the roles of groups and scheduled roles.`,
  )
  return exported.filter(({ to, role, startsAt, endsAt }) => {
    if (!('handle' in to) || startsAt > at || (endsAt !== null && endsAt <= at)) return true
    const least = clusterRoleOf(role, endsAt !== null)
    if (bound.some((one) => one.handle === to.handle && compareStanding(one.role, least) >= 0)) return true
    missing.push(
      `${cluster}: The role of ${to.handle} in ${space.name} isn’t restored: it is in the export, but no longer on the cluster.`,
    )
    return false
  })
}

function planGrants(
  cluster: string,
  space: { id: string; name: string },
  placed: readonly ClusterGrant[],
  people: ReadonlyMap<string, RebuiltPerson>,
  at: Date,
  missing: string[],
): RebuiltGrant[] {
  const seen = new Set<string>()
  return placed.flatMap(({ to, withheldFrom, ...grant }) => {
    if (grant.endsAt !== null && grant.endsAt <= at) return []
    const who = 'handle' in to ? to.handle : `the group ${to.group}`
    const lacking = (why: string) => {
      missing.push(`${cluster}: The role of ${who} in ${space.name} isn’t restored: ${why}.`)
      return []
    }
    const userId = 'handle' in to ? people.get(to.handle)?.id : undefined
    if ('handle' in to && userId === undefined) return lacking(`neither ${cluster} nor an export identifies them`)
    const key = JSON.stringify([to, grant.requestId])
    if (seen.has(key) || seen.has(grant.id)) return lacking('it occurs twice')
    seen.add(key).add(grant.id)
    const withheld = withheldFrom.map((handle) => people.get(handle)?.id)
    if (withheld.some((id) => id === undefined))
      return lacking(
        `it is withheld from the admin who granted it, and neither ${cluster} nor an export identifies them`,
      )
    return {
      ...grant,
      spaceId: space.id,
      to: 'handle' in to ? { userId: userId ?? '' } : to,
      withheldFrom: withheld.flatMap((id) => id ?? []),
    }
  })
}

/**
 * Deactivates people who should have access on a cluster but have no bindings there: they were deactivated, or a
 * cluster admin removed them. A rebuild, or another cluster's admin, must not restore that access.
 */
function deactivateUnbound(
  sources: readonly Source[],
  people: Map<string, RebuiltPerson>,
  at: Date,
  missing: string[],
): void {
  for (const { name: cluster, spaces } of sources) {
    const bound = new Set(spaces.flatMap((space) => space.bound.map(({ handle }) => handle)))
    for (const handle of spaces.flatMap((space) => entitledTo(space, at))) {
      const person = people.get(handle)
      if (!person || person.deactivatedAt !== null || bound.has(handle)) continue
      const reason = 'Rebuilt from the clusters, where they no longer had access.'
      people.set(handle, { ...person, deactivatedAt: at, deactivationReason: reason })
      missing.push(`${handle} is restored as deactivated: they should have access on ${cluster}, but have none there.`)
    }
  }
}

/** @returns the handles of those who should be bound in a space, as far as known */
const entitledTo = ({ owner, grants }: RecoveredSpace, at: Date): string[] => [
  owner,
  ...(grants ?? []).flatMap(({ to, startsAt }) => ('handle' in to && startsAt <= at ? to.handle : [])),
]
