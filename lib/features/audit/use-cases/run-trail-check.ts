import { type Checkpoint, parseStatement, readStoredKeys } from '#lib/features/audit/chain/checkpoint.ts'
import type { Finding, FindingKind } from '#lib/features/audit/chain/finding.ts'
import { describePlaces, type FindingGroup, groupFindings } from '#lib/features/audit/chain/group-findings.ts'
import { trustCheckpoints } from '#lib/features/audit/chain/trust-checkpoints.ts'
import { verifyChain } from '#lib/features/audit/chain/verify-chain.ts'
import { findBlocksOfTime, selectMissingMonths } from '#lib/features/audit/db/chain/blocks.ts'
import {
  readCheckpointKeys,
  readRecords,
  readStoredCheckpoints,
} from '#lib/features/audit/db/chain/read-trail-parts.ts'
import {
  type CheckProgress,
  type ClaimedCheck,
  claimTrailCheck,
  endTrailCheck,
  noteTrailCheck,
} from '#lib/features/audit/db/chain/trail-checks.ts'
import { partOfTrail, wholeTrail } from '#lib/features/audit/operator/whole-trail.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { selectWatcherIds } from '#lib/kernel/db/spaces/select-watcher-ids.ts'
import { maxFindingsOfKind, type TrailFinding, type TrailResult } from '#lib/kernel/model/audit/trail-check.ts'
import { isDatabaseUnavailable } from '#lib/kernel/model/database-failure.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { issuersInUse } from '#lib/kernel/use-case/issuers-in-use.ts'
import { notifyPeople } from '#lib/kernel/use-case/notify-people.ts'
import { writeSystemEvent } from '#lib/kernel/use-case/write-system-event.ts'

/** For the places of all findings of a kind. */
const maxRanges = 20
/** Between two progress updates. */
const noteEveryMs = 1_000
/** A verifying worker reports every second. */
const lostAfterMs = 60_000

type CheckResult = { result: TrailResult; findings: TrailFinding[]; findingCount: number }

/** The verification was cancelled, or another worker has finished it. */
class Stopped extends Error {
  readonly cancelled: boolean
  constructor(cancelled: boolean) {
    super('the verification was stopped')
    this.cancelled = cancelled
  }
}

/**
 * Runs the waiting verification of the trail, if there is one: reads the trail and its chain in one snapshot, saves its
 * progress and its findings, and notifies admins and auditors if the trail was changed or can’t be read. Safe in
 * several workers: one claims it, and another takes over if that one dies.
 * @param signal stops it; another worker, or the next start, runs it again
 */
export async function runTrailCheck(ctx: SystemContext, signal: AbortSignal): Promise<void> {
  const now = ctx.clock()
  const taken = await claimTrailCheck(ctx.pool, now, new Date(now.getTime() - lostAfterMs))
  if (!taken) return
  try {
    await end(ctx, taken, await verify(ctx, taken, signal))
  } catch (error) {
    if (signal.aborted) return
    if (error instanceof Stopped) {
      if (error.cancelled) await end(ctx, taken, { result: 'cancelled', findings: [], findingCount: 0 })
      return
    }
    // The connection is gone. It is claimed again once the database is back.
    if (isDatabaseUnavailable(error)) throw error
    await end(ctx, taken, { result: 'gave-up', findings: [], findingCount: 0 })
    throw error
  }
}

async function verify(
  ctx: SystemContext,
  { id, fromAt, toAt }: ClaimedCheck,
  signal: AbortSignal,
): Promise<CheckResult> {
  const { pool } = ctx
  const isPart = fromAt !== null || toAt !== null
  const { first, last, rows: total } = await findBlocksOfTime(pool, fromAt, toAt)
  const progress: CheckProgress = { total, done: 0, firstBlock: textOf(first), lastBlock: null }
  const found = groupFindings(maxFindingsOfKind)
  const note = async () => {
    const cancelled = await noteTrailCheck(pool, id, ctx.clock(), progress)
    if (cancelled !== false || signal.aborted) throw new Stopped(cancelled === true)
  }
  await note()
  if (isPart && (first === null || last === null)) return { result: 'holds', findings: [], findingCount: 0 }

  const checkpoints = await readGoodCheckpoints(ctx, found.add)
  const range = isPart && first !== null && last !== null ? { first, last } : undefined
  const known = range ? { outside: await readRecords(pool) } : { missingMonths: await selectMissingMonths(pool) }
  let nextNote = performance.now() + noteEveryMs
  const parts = range ? await partOfTrail(pool, range) : (await wholeTrail(pool, [])).parts
  for await (const event of verifyChain(parts, {
    checkpoints: range ? checkpoints.filter(({ block }) => block <= range.last) : checkpoints,
    isPart: (range?.first ?? 1) > 1,
    ...known,
  })) {
    if (event.kind === 'finding') found.add(event.finding)
    if (event.kind === 'progress') {
      progress.done = event.rows
      progress.lastBlock = textOf(event.block)
    }
    if (performance.now() < nextNote) continue
    nextNote = performance.now() + noteEveryMs
    await note()
  }
  await note()
  const findings = found.groups().flatMap(toTrailFindings)
  return { result: findings.length > 0 ? 'broken' : 'holds', findings, findingCount: found.count() }
}

/** The stored checkpoints with a valid signature of a stored key. Others are findings. */
async function readGoodCheckpoints({ pool }: SystemContext, report: (finding: Finding) => void): Promise<Checkpoint[]> {
  const [stored, known] = await Promise.all([readStoredCheckpoints(pool), readCheckpointKeys(pool)])
  const keys = readStoredKeys(known)
  const claimed = stored.flatMap((checkpoint) => {
    const claim = parseStatement(checkpoint.statement)
    return claim ? [{ ...claim, ...checkpoint }] : []
  })
  const { good, faults } = trustCheckpoints(
    claimed,
    keys.map((key) => ({ key, source: 'database' })),
  )
  for (const fault of faults) report(fault)
  return good
}

const textOf = (number: number | null): string | null => (number === null ? null : String(number))

/** @returns the first findings of a kind, and the places of all if there are more */
function toTrailFindings(group: FindingGroup): TrailFinding[] {
  const { kind, count, first } = group
  const rest = count - first.length
  return [
    ...first.map(toTrailFinding),
    ...(rest > 0
      ? [
          {
            ...nowhere,
            kind,
            says: `${sentenceStart(kind)}: all ${count} of them: ${describePlaces(group, maxRanges)}.`,
            more: rest,
          },
        ]
      : []),
  ]
}

const nowhere = { event: null, seq: null, block: null, after: null, before: null }
const sentenceStart = (kind: FindingKind): string => `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`

function toTrailFinding({ kind, text, row, block, after, before }: Finding): TrailFinding {
  const what = row?.action === undefined ? '' : ` (${row.action}, recorded ${row.recordedAt})`
  return {
    kind,
    says: `${sentenceStart(kind)}: ${text}${what}.`,
    event: row?.id ?? null,
    seq: row?.seq ?? null,
    block: textOf(block),
    after: textOf(after),
    before: textOf(before),
  }
}

/** The result, its event in the trail and the notification are stored together. */
async function end(ctx: SystemContext, { id, fromAt, toAt }: ClaimedCheck, ended: CheckResult): Promise<void> {
  const { result, findings, findingCount } = ended
  await inTransaction(ctx.db, async (tx) => {
    if (!(await endTrailCheck(tx, id, { at: ctx.clock(), ...ended }))) return
    const [first] = findings
    await writeSystemEvent(ctx, tx, {
      action: 'trail.verified',
      target: { kind: 'trail', id },
      destination: 'portal',
      detail: {
        result,
        ...(fromAt && { from: fromAt.toISOString() }),
        ...(toAt && { to: toAt.toISOString() }),
        ...(findingCount > 0 && { findings: findingCount, first: first?.says }),
      },
    })
    if (result === 'broken' && first) {
      const to = await selectWatcherIds(tx, await issuersInUse(ctx, tx))
      await notifyPeople(ctx, tx, { kind: 'trail-broken', says: first.says, count: findingCount }, { to })
    }
    if (result === 'gave-up') {
      const to = await selectWatcherIds(tx, await issuersInUse(ctx, tx))
      // Anyone who may request a verification can repeat a failing one, so there is one notification a day.
      const dedupeKey = `trail-unread:${ctx.clock().toISOString().slice(0, 10)}`
      await notifyPeople(ctx, tx, { kind: 'trail-unread' }, { to, dedupeKey })
    }
  })
  if (result === 'broken') ctx.log.fatal({ findings: findings.map(({ says }) => says) }, 'the audit trail was changed')
}
