import { noteAuditIntake, takeClusterAudit } from '#lib/features/cluster-audit/db/audit-intake.ts'
import { noteCounted } from '#lib/features/cluster-audit/db/counted-audit.ts'
import { type Resolved, resolveAudited, selectIssued } from '#lib/features/cluster-audit/db/resolve-audited.ts'
import { saveDirectAccess } from '#lib/features/cluster-audit/db/save-direct-access.ts'
import { selectNotedReads } from '#lib/features/cluster-audit/db/select-recorded-reads.ts'
import { notedIn } from '#lib/features/cluster-audit/model/recorded-audit-id.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import type { CandidateEvent, ClassifiedBatch } from './classify-batch.ts'
import { type DropReason, isLog, isRefused, type KeptEvent } from './classify-event.ts'
import type { ClusterEvent } from './cluster-event.ts'
import { createCounting } from './counted-rows.ts'
import { type DirectAccess, directAccessOf } from './direct-access-of.ts'
import { isBadData } from './is-bad-data.ts'
import { isNoted } from './is-recorded.ts'
import { classOf, createKeptBound } from './kept-bound.ts'
import { createAllowance, createRecentKeys } from './recorded-lately.ts'
import { createRefusalBound } from './refusal-bound.ts'
import { type ClusterRow, renderRow } from './render-row.ts'
import { spaceAt } from './space-at.ts'

const directAccessEveryMs = 60_000
const maxDirectAccessRemembered = 20_000
/** Per space and minute. Anyone who may issue tokens can issue any number, and each is another user. */
const maxDirectAccessOfSpace = 50
const intakeEveryMs = 5_000
/** How far back former spaces of a namespace are considered, whatever time a sender claims. */
const maxLateMs = 24 * 3_600_000
/** Per statement (take_cluster_audit, prisma/migrations). */
const maxRows = 10_000

/** The result of batches. `again`: kept by an earlier attempt. */
export type BatchResult = {
  kept: number
  again: number
  unmatched: number
  /** Excess events, only counted. `grave`: those of a likely attack. */
  counted: { all: number; grave: number }
  /** Rows that the database refuses, each individually. */
  refused: number
  /** Invalid items. */
  malformed: number
  dropped: Map<DropReason, number>
}

type Options = { pool: Pool; clock: () => Date }

export type Cluster = { name: string; id: string }

/** @returns a function that stores the relevant events of batches durably; it throws if Postgres does */
export function createTakeBatches({ pool, clock }: Options) {
  const directAccess = createRecentKeys(directAccessEveryMs, maxDirectAccessRemembered)
  const intakes = createRecentKeys(intakeEveryMs, 1_000)
  const admits = createRefusalBound()
  const keeps = createKeptBound()
  const counting = createCounting()

  const ofSpaces = createAllowance(directAccessEveryMs, maxDirectAccessOfSpace)

  async function recordDirectAccess(
    considered: readonly CandidateEvent[],
    issued: ReadonlySet<string>,
    resolved: Resolved,
    now: number,
  ) {
    const due = new Map<string, DirectAccess>()
    for (const { event, classification } of considered) {
      const isSeen =
        classification.isDirectAccess || (classification.isDirectAccessIfIssued && issued.has(event.credential))
      const spaceId = isSeen ? spaceOf({ event, classification }, resolved) : undefined
      if (spaceId === undefined) continue
      const seen = directAccessOf(event, spaceId, issued)
      const key = `${spaceId} ${seen.credential} ${seen.credentialId} ${seen.user}`
      // The batch is nearly in the order in which the requests ended.
      if (due.has(key) || (directAccess.isDue(key, now) && ofSpaces.take(spaceId, now))) due.set(key, seen)
    }
    await saveDirectAccess(pool, [...due.values()])
    for (const key of due.keys()) directAccess.note(key, now)
  }

  return async (cluster: Cluster, batches: readonly ClassifiedBatch[]): Promise<BatchResult> => {
    const at = clock()
    const all = batches.flatMap((batch) => batch.considered)
    const dropped = new Map<DropReason, number>()
    const drop = (why: DropReason, events = 1) => dropped.set(why, (dropped.get(why) ?? 0) + events)
    for (const batch of batches) for (const [why, events] of batch.dropped) drop(why, events)

    const rows: ClusterRow[] = []
    const excess: ClusterRow[] = []
    let grave = 0
    if (all.length > 0) {
      const issued = await findIssued(pool, cluster, all)
      // Most events are from controllers, and those are not kept.
      const ofController = ({ event, classification }: CandidateEvent) =>
        classification.keep === 'controller' && !issued.has(event.credential)
      const considered = all.filter((one) => !ofController(one))
      const left = all.filter((one) => one.classification.ifIssued && ofController(one)).length
      if (left > 0) drop('controller', left)
      const [resolved, noted] = await Promise.all([
        resolve(pool, cluster, considered, at),
        findNoted(pool, cluster, considered),
      ])
      for (const one of considered) {
        const { event, classification } = one
        const { keep, ifIssued, person, everywhere } = classification
        const kept = proved(one, issued, noted)
        if (typeof kept === 'string') {
          if (ifIssued || keep !== kept) drop(kept)
          continue
        }
        const spaceId = spaceOf({ event, classification }, resolved)
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
          ;(isKept ? rows : excess).push(row)
        }
      }
      await recordDirectAccess(considered, issued, resolved, at.getTime())
    }
    const { taken, unmatched, refused } = await takeRows(pool, cluster.id, rows)
    // If the answer to this is lost, these events are counted again.
    await noteCounted(pool, cluster.id, counting(cluster.id, excess, at.getTime()))
    if (intakes.isDue(cluster.id, at.getTime())) {
      await noteAuditIntake(pool, { clusterId: cluster.id, at, eventAt: latest(batches, at) })
      intakes.note(cluster.id, at.getTime())
    }
    const counted = { all: excess.length, grave }
    const malformed = batches.reduce((sum, batch) => sum + batch.malformed, 0)
    return { kept: taken, again: rows.length - taken - refused, unmatched, counted, refused, malformed, dropped }
  }
}

/** @returns the space of the event's namespace at that time */
const spaceOf = ({ event, classification }: CandidateEvent, { spaces }: Resolved): string | undefined =>
  spaceAt(spaces.get(classification.namespace) ?? [], new Date(event.at))

async function resolve(
  pool: Pool,
  cluster: Cluster,
  considered: readonly CandidateEvent[],
  now: Date,
): Promise<Resolved> {
  const earliest = considered.reduce((least, { event }) => Math.min(least, new Date(event.at).getTime()), now.getTime())
  return resolveAudited(pool, {
    cluster,
    namespaces: unique(considered.map(({ classification }) => classification.namespace)),
    handles: unique(considered.map(({ classification }) => classification.person)),
    since: new Date(Math.max(earliest, now.getTime() - maxLateMs)),
  })
}

/** @returns the tokens of pods and controllers that were issued to another party, before or in this batch */
async function findIssued(pool: Pool, cluster: Cluster, considered: readonly CandidateEvent[]): Promise<Set<string>> {
  const mayBeIssued = ({ event, classification }: CandidateEvent) =>
    classification.ifIssued !== null ||
    classification.isDirectAccessIfIssued ||
    (classification.isDirectAccess && event.ofPod)
  const credentials = considered.filter(mayBeIssued).map(({ event }) => event.credential)
  const issued = await selectIssued(pool, cluster.name, [...new Set(credentials)])
  for (const { event, classification } of considered)
    if (event.issued !== '' && typeof classification.keep !== 'string') issued.add(event.issued)
  return issued
}

/** @returns the reads that the gateway recorded before it sent them */
async function findNoted(
  pool: Pool,
  cluster: Cluster,
  considered: readonly CandidateEvent[],
): Promise<Set<CandidateEvent>> {
  const claims = considered.filter(({ classification: { keep } }) => typeof keep !== 'string' && keep.proof === 'note')
  if (claims.length === 0) return new Set()
  const ids = new Set(claims.map(({ event }) => notedIn(event.auditId)))
  const byId = Map.groupBy(await selectNotedReads(pool, cluster.name, [...ids]), ({ auditId }) => auditId)
  return new Set(
    claims.filter(({ event, classification }) =>
      isNoted(event, classification.person, byId.get(notedIn(event.auditId)) ?? []),
    ),
  )
}

/** @returns the row of an event, after the token and the gateway's rows were looked up */
function proved(
  one: CandidateEvent,
  issued: ReadonlySet<string>,
  noted: ReadonlySet<CandidateEvent>,
): KeptEvent | DropReason {
  const { event, classification } = one
  const kept = classification.ifIssued && issued.has(event.credential) ? classification.ifIssued : classification.keep
  if (typeof kept === 'string' || kept.proof !== 'note') return kept
  if (!noted.has(one)) return { ...kept, proof: 'impossible' }
  // The gateway’s own rows record the reads of logs. A read of a secret is confirmed by a row.
  return isLog(event) ? 'noted' : { ...kept, proof: 'none' }
}

/** A row that the database refuses for its content must not block others. */
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

/** The gateway limits its own requests, and uses of Spaceport’s identities are alarms. */
const bounded = (event: ClusterEvent, { route, proof }: KeptEvent): boolean =>
  route === 'around' && proof === 'none' && isRefused(event)

/** Only possible names. */
const unique = (values: readonly string[]): string[] =>
  [...new Set(values)].filter((value) => /^[-a-z0-9.]{1,253}$/.test(value))

/** @returns the time of the latest request, but never after now, whatever the cluster’s clock; null: there was none */
function latest(batches: readonly ClassifiedBatch[], now: Date): Date | null {
  const last = batches.reduce((last, { latest }) => (latest !== null && latest > last ? latest : last), '')
  if (last === '') return null
  const at = new Date(last)
  return at > now ? now : at
}
