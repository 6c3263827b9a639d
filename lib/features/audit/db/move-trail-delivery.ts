import type { ChainPlace } from '#lib/features/audit/model/trail-delivery.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'

/**
 * Notes that a receiver has taken events.
 * @param from where the delivery was: if it is no longer there, somebody else delivers
 * @returns whether it moved
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

/** Notes that a receiver has not taken events, and when to try again. */
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
