import {
  type ChainPlace,
  type DeliveryView,
  seenEveryMs,
  type TrailDelivery,
} from '#lib/features/audit/model/trail-delivery.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'

/** The columns of trail_delivery `d`, as TrailDelivery's fields. */
const deliveryColumns = `d.sink, d.host, d.block::float8 AS block, d.position, d.checkpoint::float8 AS checkpoint,
  d.delivered::float8 AS delivered, d.delivered_at AS "deliveredAt", d.failing_since AS "failingSince",
  d.last_error AS "lastError", d.attempts, d.next_attempt_at AS "nextAttemptAt", d.seen_at AS "seenAt"`

/**
 * Records from time to time that a worker serves a delivery, and its host. A new delivery starts before the chain.
 * @returns its progress
 */
export async function findTrailDelivery(
  pool: Pool,
  { sink, host }: { sink: string; host: string },
  at: Date,
): Promise<TrailDelivery> {
  const find = () =>
    pool.query<TrailDelivery>({
      name: 'find-trail-delivery',
      text: `SELECT ${deliveryColumns} FROM trail_delivery d WHERE d.sink = $1`,
      values: [sink],
    })
  const found = (await find()).rows[0]
  const isFresh = found && found.host === host && at.getTime() - found.seenAt.getTime() < seenEveryMs
  if (isFresh) return found
  await pool.query({
    name: 'see-trail-delivery',
    text: `INSERT INTO trail_delivery (sink, host, seen_at) VALUES ($1, $2, $3)
      ON CONFLICT (sink) DO UPDATE SET host = excluded.host, seen_at = excluded.seen_at`,
    values: [sink, host, at],
  })
  const seen = (await find()).rows[0]
  if (!seen) throw new Error('a delivery disappeared')
  return seen
}

/**
 * Records that a receiver has accepted events.
 * @param from the previous position: if it changed, another worker delivers
 * @returns whether the position was moved
 */
export async function moveTrailDelivery(
  pool: Pool,
  sink: string,
  { from, to, events, at }: { from: ChainPlace; to: ChainPlace; events: number; at: Date },
): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'move-trail-delivery',
    text: `UPDATE trail_delivery SET block = $5, position = $6, checkpoint = $7, delivered = delivered + $8, delivered_at = $9,
        seen_at = $9, failing_since = NULL, last_error = NULL, attempts = 0, next_attempt_at = NULL
      WHERE sink = $1 AND block = $2 AND position = $3 AND checkpoint = $4`,
    values: [sink, from.block, from.position, from.checkpoint, to.block, to.position, to.checkpoint, events, at],
  })
  return rowCount === 1
}

/** Records that a receiver has not accepted events, and when to retry. */
export async function failTrailDelivery(
  pool: Pool,
  sink: string,
  { from, error, at, nextAttemptAt }: { from: ChainPlace; error: string; at: Date; nextAttemptAt: Date },
): Promise<void> {
  await pool.query({
    name: 'fail-trail-delivery',
    text: `UPDATE trail_delivery SET attempts = attempts + 1, failing_since = coalesce(failing_since, $5), last_error = $6,
        next_attempt_at = $7, seen_at = $5
      WHERE sink = $1 AND block = $2 AND position = $3 AND checkpoint = $4`,
    values: [sink, from.block, from.position, from.checkpoint, at, error, nextAttemptAt],
  })
}

/** Counting stops at this many blocks. */
const maxCounted = 20_000

/** @returns the deliveries of the trail, with the number of rows that wait */
export async function selectTrailDeliveries(pool: Pool): Promise<DeliveryView[]> {
  const { rows } = await pool.query<DeliveryView>({
    name: 'select-trail-deliveries',
    text: `SELECT ${deliveryColumns}, greatest(0, w.rows - greatest(0, d.position - 1))::float8 AS waiting, w.blocks = $1 AS "isMore"
      FROM trail_delivery d
      CROSS JOIN LATERAL (SELECT count(*) AS blocks, coalesce(sum(rows), 0) AS rows FROM (
        SELECT rows FROM audit_block WHERE number > d.block ORDER BY number LIMIT $1) waiting) w
      ORDER BY d.sink`,
    values: [maxCounted],
  })
  return rows
}
