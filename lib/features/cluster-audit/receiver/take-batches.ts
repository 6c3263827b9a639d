import { noteAuditIntake, takeClusterAudit } from '#lib/features/cluster-audit/db/audit-intake.ts'
import { noteCounted } from '#lib/features/cluster-audit/db/counted-audit.ts'
import { type Resolved, resolveAudited, selectIssued } from '#lib/features/cluster-audit/db/resolve-audited.ts'
import { saveDirectAccess } from '#lib/features/cluster-audit/db/save-direct-access.ts'
import { selectNotedReads } from '#lib/features/cluster-audit/db/select-recorded-reads.ts'
import { notedIn } from '#lib/features/cluster-audit/model/recorded-audit-id.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { type DropReason, isLog, isRefused, type Kept } from './classify-event.ts'
import type { ClusterEvent } from './cluster-event.ts'
import { createCounting } from './counted-rows.ts'
import { directAccessOf, type SeenInSpace } from './direct-access-of.ts'
import { isBadData } from './is-bad-data.ts'
import { isNoted } from './is-recorded.ts'
import { classOf, createKeptBound } from './kept-bound.ts'
import { createAllowance, createNotedLately } from './recorded-lately.ts'
import { createRefusalBound } from './refusal-bound.ts'
import { type ClusterRow, renderRow } from './render-row.ts'
import type { Considered, Sifted } from './sift-batch.ts'
import { spaceAt } from './space-at.ts'

const directAccessEveryMs = 60_000
const maxDirectAccessRemembered = 20_000
/** Of one space in a minute: whoever may make tokens makes as many as they like, and each is somebody else. */
const maxDirectAccessOfSpace = 50
const intakeEveryMs = 5_000
/** A former space of a namespace is looked for so far back, whatever a sender says when something was. */
const maxLateMs = 24 * 3_600_000
/** Of one statement (take_cluster_audit, prisma/migrations). */
const maxRows = 10_000

/** What became of batches. `again`: kept by an earlier attempt. */
export type Taken = {
  kept: number
  again: number
  unmatched: number
  /** Only counted: there were too many. `grave`: so many of what an attack is likely to be. */
  counted: { all: number; grave: number }
  /** Rows that the database refuses, each by itself. */
  refused: number
  /** Items that were no events. */
  malformed: number
  dropped: Map<DropReason, number>
}

type Options = { pool: Pool; clock: () => Date }

export type Cluster = { name: string; id: string }

/** @returns a function that makes durable what is to be kept of batches, and says what became of them; it throws if Postgres does */
export function createTakeBatches({ pool, clock }: Options) {
  const directAccess = createNotedLately(directAccessEveryMs, maxDirectAccessRemembered)
  const intakes = createNotedLately(intakeEveryMs, 1_000)
  const admits = createRefusalBound()
  const keeps = createKeptBound()
  const counting = createCounting()

  const ofSpaces = createAllowance(directAccessEveryMs, maxDirectAccessOfSpace)

  async function sight(
    considered: readonly Considered[],
    issued: ReadonlySet<string>,
    resolved: Resolved,
    now: number,
  ) {
    const due = new Map<string, SeenInSpace>()
    for (const { event, judged } of considered) {
      const isSeen = judged.sighted || (judged.sightedIfIssued && issued.has(event.credential))
      const spaceId = isSeen ? spaceOf({ event, judged }, resolved) : undefined
      if (spaceId === undefined) continue
      const seen = directAccessOf(event, spaceId, issued)
      const key = `${spaceId} ${seen.credential} ${seen.credentialId} ${seen.user}`
      // The batch is in the order of the events’ ends, nearly.
      if (due.has(key) || (directAccess.isDue(key, now) && ofSpaces.take(spaceId, now))) due.set(key, seen)
    }
    await saveDirectAccess(pool, [...due.values()])
    for (const key of due.keys()) directAccess.note(key, now)
  }

  return async (cluster: Cluster, batches: readonly Sifted[]): Promise<Taken> => {
    const at = clock()
    const all = batches.flatMap((batch) => batch.considered)
    const dropped = new Map<DropReason, number>()
    const drop = (why: DropReason, events = 1) => dropped.set(why, (dropped.get(why) ?? 0) + events)
    for (const batch of batches) for (const [why, events] of batch.dropped) drop(why, events)

    const rows: ClusterRow[] = []
    const beyond: ClusterRow[] = []
    let grave = 0
    if (all.length > 0) {
      const issued = await findIssued(pool, cluster, all)
      // Controllers are most of what happens, and none of it is kept.
      const ofController = ({ event, judged }: Considered) =>
        judged.keep === 'controller' && !issued.has(event.credential)
      const considered = all.filter((one) => !ofController(one))
      const left = all.filter((one) => one.judged.ifIssued && ofController(one)).length
      if (left > 0) drop('controller', left)
      const [resolved, noted] = await Promise.all([
        resolve(pool, cluster, considered, at),
        findNoted(pool, cluster, considered),
      ])
      for (const one of considered) {
        const { event, judged } = one
        const { keep, ifIssued, person, everywhere } = judged
        const kept = proved(one, issued, noted)
        if (typeof kept === 'string') {
          if (ifIssued || keep !== kept) drop(kept)
          continue
        }
        const spaceId = spaceOf({ event, judged }, resolved)
        if (spaceId === undefined && !everywhere) {
          drop('elsewhere')
          continue
        }
        const row = renderRow(event, { cluster: cluster.name, spaceId, person: resolved.people.get(person), kept })
        if (bounded(event, kept) && !admits(`${cluster.id} ${event.user}`, event.at, row.fingerprint ?? ''))
          drop('often_refused')
        else {
          const of = classOf(event, kept)
          const isKept = keeps({ cluster: cluster.id, user: event.user, of }, at.getTime())
          if (!isKept && of !== 'ordinary') grave++
          ;(isKept ? rows : beyond).push(row)
        }
      }
      await sight(considered, issued, resolved, at.getTime())
    }
    const { taken, unmatched, refused } = await takeRows(pool, cluster.id, rows)
    // If the answer to this is lost, what is counted is counted again.
    await noteCounted(pool, cluster.id, counting(cluster.id, beyond, at.getTime()))
    if (intakes.isDue(cluster.id, at.getTime())) {
      await noteAuditIntake(pool, { clusterId: cluster.id, at, eventAt: latest(batches, at) })
      intakes.note(cluster.id, at.getTime())
    }
    const counted = { all: beyond.length, grave }
    const malformed = batches.reduce((sum, batch) => sum + batch.malformed, 0)
    return { kept: taken, again: rows.length - taken - refused, unmatched, counted, refused, malformed, dropped }
  }
}

/** @returns the space in whose namespace it happened, if it was one then */
const spaceOf = ({ event, judged }: Considered, { spaces }: Resolved): string | undefined =>
  spaceAt(spaces.get(judged.namespace) ?? [], new Date(event.at))

async function resolve(pool: Pool, cluster: Cluster, considered: readonly Considered[], now: Date): Promise<Resolved> {
  const earliest = considered.reduce((least, { event }) => Math.min(least, new Date(event.at).getTime()), now.getTime())
  return resolveAudited(pool, {
    cluster,
    namespaces: unique(considered.map(({ judged }) => judged.namespace)),
    handles: unique(considered.map(({ judged }) => judged.person)),
    since: new Date(Math.max(earliest, now.getTime() - maxLateMs)),
  })
}

/** @returns the tokens of pods and controllers that were issued to somebody: before this batch, or in it */
async function findIssued(pool: Pool, cluster: Cluster, considered: readonly Considered[]): Promise<Set<string>> {
  const mayBeIssued = ({ event, judged }: Considered) =>
    judged.ifIssued !== null || judged.sightedIfIssued || (judged.sighted && event.ofPod)
  const credentials = considered.filter(mayBeIssued).map(({ event }) => event.credential)
  const issued = await selectIssued(pool, cluster.name, [...new Set(credentials)])
  for (const { event, judged } of considered)
    if (event.issued !== '' && typeof judged.keep !== 'string') issued.add(event.issued)
  return issued
}

/** @returns the reads that the gateway noted before it sent them */
async function findNoted(pool: Pool, cluster: Cluster, considered: readonly Considered[]): Promise<Set<Considered>> {
  const claims = considered.filter(({ judged: { keep } }) => typeof keep !== 'string' && keep.proof === 'note')
  if (claims.length === 0) return new Set()
  const ids = new Set(claims.map(({ event }) => notedIn(event.auditId)))
  const byId = Map.groupBy(await selectNotedReads(pool, cluster.name, [...ids]), ({ auditId }) => auditId)
  return new Set(
    claims.filter(({ event, judged }) => isNoted(event, judged.person, byId.get(notedIn(event.auditId)) ?? [])),
  )
}

/** @returns where the row of an event goes, once it is known whose the token was and what the gateway noted */
function proved(one: Considered, issued: ReadonlySet<string>, noted: ReadonlySet<Considered>): Kept | DropReason {
  const { event, judged } = one
  const kept = judged.ifIssued && issued.has(event.credential) ? judged.ifIssued : judged.keep
  if (typeof kept === 'string' || kept.proof !== 'note') return kept
  if (!noted.has(one)) return { ...kept, proof: 'impossible' }
  // The gateway’s own rows say which logs were read. Who has read a secret is confirmed.
  return isLog(event) ? 'noted' : { ...kept, proof: 'none' }
}

/** A row that the database refuses for what it holds must not keep others out. */
async function takeRows(pool: Pool, clusterId: string, rows: readonly ClusterRow[]) {
  const sum = { taken: 0, unmatched: 0, refused: 0 }
  const take = async (some: readonly ClusterRow[]) => {
    const { taken, unmatched } = await takeClusterAudit(pool, clusterId, some)
    sum.taken += taken
    sum.unmatched += unmatched
  }
  for (let first = 0; first < rows.length; first += maxRows) {
    const some = rows.slice(first, first + maxRows)
    try {
      await take(some)
      continue
    } catch (error) {
      if (!isBadData(error)) throw error
    }
    for (const row of some)
      try {
        await take([row])
      } catch (error) {
        if (!isBadData(error)) throw error
        sum.refused++
      }
  }
  return sum
}

/** What goes through the gateway is bounded there, and what bears Spaceport’s identities is an alarm. */
const bounded = (event: ClusterEvent, { route, proof }: Kept): boolean =>
  route === 'around' && proof === 'none' && isRefused(event)

/** Only what can be the name of something. */
const unique = (values: readonly string[]): string[] =>
  [...new Set(values)].filter((value) => /^[-a-z0-9.]{1,253}$/.test(value))

/** @returns when the latest request was; not later than now, whatever the cluster’s clock says; null: there was none */
function latest(batches: readonly Sifted[], now: Date): Date | null {
  const last = batches.reduce((last, { latest }) => (latest !== null && latest > last ? latest : last), '')
  if (last === '') return null
  const at = new Date(last)
  return at > now ? now : at
}
