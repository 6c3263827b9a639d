import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import type { TrailCheck, TrailFinding, TrailResult } from '#lib/kernel/model/audit/trail-check.ts'

/**
 * Requests a verification of the trail.
 * @returns false if one is already running
 */
export async function insertTrailCheck(
  tx: Tx,
  { id, byId, fromAt, toAt }: { id: string; byId: string; fromAt: Date | null; toAt: Date | null },
): Promise<boolean> {
  const added = await tx.$executeRaw`
    INSERT INTO trail_check (id, asked_by_id, from_at, to_at) VALUES (${id}::uuid, ${byId}::uuid, ${fromAt}, ${toAt})
    ON CONFLICT DO NOTHING`
  return added === 1
}

/**
 * Starts the nightly verification unless one ran since or is running. A cancelled or failed one is started again after
 * an hour.
 */
export async function scheduleTrailCheck(pool: Pool, id: string, since: Date): Promise<void> {
  await runSql(
    pool,
    Prisma.sql`
    INSERT INTO trail_check (id) SELECT ${id}::uuid
    WHERE NOT EXISTS (SELECT FROM trail_check WHERE asked_by_id IS NULL AND asked_at >= ${since}
      AND (cancelled_at IS NULL AND coalesce(result, '') <> 'gave-up' OR asked_at >= now() - interval '1 hour'))
    ON CONFLICT DO NOTHING`,
  )
}

export type ClaimedCheck = { id: string; byId: string | null; fromAt: Date | null; toAt: Date | null; askedAt: Date }

/**
 * Claims the waiting verification, or one of a worker that hasn't reported since `lostSince`.
 * @returns null if there is none
 */
export async function claimTrailCheck(pool: Pool, at: Date, lostSince: Date): Promise<ClaimedCheck | null> {
  const [taken] = await runSql<ClaimedCheck>(
    pool,
    Prisma.sql`
    UPDATE trail_check SET seen_at = ${at}, started_at = ${at}, done = 0, total = 0, findings = '[]', finding_count = 0
    WHERE ended_at IS NULL AND (seen_at IS NULL OR seen_at < ${lostSince})
    RETURNING id, asked_by_id AS "byId", from_at AS "fromAt", to_at AS "toAt", asked_at AS "askedAt"`,
  )
  return taken ?? null
}

export type CheckProgress = Pick<TrailCheck, 'total' | 'done' | 'firstBlock' | 'lastBlock'>

/**
 * Saves the progress of a verification.
 * @returns whether it was cancelled; null if it isn't running any more
 */
export async function noteTrailCheck(
  pool: Pool,
  id: string,
  at: Date,
  { total, done, firstBlock, lastBlock }: CheckProgress,
): Promise<boolean | null> {
  const [noted] = await runSql<{ cancelled: boolean }>(
    pool,
    Prisma.sql`
    UPDATE trail_check SET seen_at = ${at}, total = ${total}, done = ${done}, first_block = ${firstBlock}::bigint, last_block = ${lastBlock}::bigint
    WHERE id = ${id}::uuid AND ended_at IS NULL RETURNING cancelled_at IS NOT NULL AS cancelled`,
  )
  return noted?.cancelled ?? null
}

type CheckResult = { at: Date; result: TrailResult; findings: readonly TrailFinding[]; findingCount: number }

/** @returns false if another worker has finished it */
export async function endTrailCheck(
  tx: Tx,
  id: string,
  { at, result, findings, findingCount }: CheckResult,
): Promise<boolean> {
  const ended = await tx.$executeRaw`
    UPDATE trail_check SET ended_at = ${at}, result = ${result}, findings = ${JSON.stringify(findings)}::jsonb, finding_count = ${findingCount}
    WHERE id = ${id}::uuid AND ended_at IS NULL`
  return ended === 1
}

/** @returns false if the verification is finished, already cancelled or unknown */
export async function cancelTrailCheck(tx: Tx, id: string, { at, byId }: { at: Date; byId: string }): Promise<boolean> {
  const changed = await tx.$executeRaw`
    UPDATE trail_check SET cancelled_at = ${at}, cancelled_by_id = ${byId}::uuid
    WHERE id = ${id}::uuid AND ended_at IS NULL AND cancelled_at IS NULL`
  return changed === 1
}
