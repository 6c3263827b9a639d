import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { type ChainState, maxChecks, maxWaiting, type TrailCheck } from '#lib/kernel/model/audit/trail-check.ts'

/** @returns the state of the trail's chain, without verifying it: ends, checkpoints and past verifications */
export async function readChainState(pool: Pool): Promise<ChainState> {
  const [[state], checks] = await Promise.all([
    runSql<Omit<ChainState, 'checks'> & { oldest: ChainState['first'] }>(
      pool,
      Prisma.sql`
      SELECT first.block AS "first", last.block AS "last", checkpoint.it AS checkpoint, archive.it AS archived,
        (SELECT count(*)::int FROM (SELECT FROM audit_unsealed LIMIT ${maxWaiting}) waiting) AS waiting
      FROM (SELECT) one
        LEFT JOIN (SELECT json_build_object('number', number::text, 'sealedAt', sealed_at) AS block FROM audit_block ORDER BY number LIMIT 1) first ON true
        LEFT JOIN (SELECT json_build_object('number', number::text, 'sealedAt', sealed_at) AS block FROM audit_block ORDER BY number DESC LIMIT 1) last ON true
        LEFT JOIN (SELECT json_build_object('block', block::text, 'rows', rows::text, 'madeAt', made_at, 'keyId', key_id) AS it
          FROM audit_checkpoint ORDER BY block DESC LIMIT 1) checkpoint ON true
        LEFT JOIN (SELECT json_build_object('months', count(*), 'until', max(month), 'rows', sum(rows)::text) AS it
          FROM audit_archive HAVING sum(rows) > 0) archive ON true`,
    ),
    runSql<TrailCheck>(
      pool,
      Prisma.sql`
      SELECT ${checkColumns} FROM trail_check k LEFT JOIN user_account u ON u.id = k.asked_by_id
      WHERE k.id IN (SELECT id FROM trail_check ORDER BY asked_at DESC LIMIT ${maxChecks})
        OR k.id = (SELECT id FROM trail_check WHERE result = 'broken' ORDER BY asked_at DESC LIMIT 1)
        OR k.id = (SELECT id FROM trail_check WHERE result = 'holds' AND from_at IS NULL AND to_at IS NULL ORDER BY asked_at DESC LIMIT 1)
      ORDER BY k.asked_at DESC`,
    ),
  ])
  const { first = null, last = null, checkpoint = null, archived = null, waiting = 0 } = state ?? {}
  const withDate = (block: ChainState['first']) => block && { ...block, sealedAt: new Date(block.sealedAt) }
  return {
    first: withDate(first),
    last: withDate(last),
    checkpoint: checkpoint && { ...checkpoint, madeAt: new Date(checkpoint.madeAt) },
    archived,
    waiting,
    checks,
  }
}

const checkColumns = Prisma.sql`k.id, CASE WHEN u.id IS NOT NULL THEN json_build_object('handle', u.handle, 'name', u.name) END AS "askedBy",
  k.asked_at AS "askedAt", k.from_at AS "fromAt", k.to_at AS "toAt", k.cancelled_at AS "cancelledAt", k.started_at AS "startedAt",
  k.total::float8 AS total, k.done::float8 AS done, k.first_block::text AS "firstBlock", k.last_block::text AS "lastBlock",
  k.ended_at AS "endedAt", k.result, k.findings, k.finding_count AS "findingCount"`
