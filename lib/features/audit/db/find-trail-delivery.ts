import { seenEveryMs, type TrailDelivery } from '#lib/features/audit/model/trail-delivery.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'

/** The columns of trail_delivery `d`, as TrailDelivery names them. */
export const deliveryColumns = `d.sink, d.host, d.block::float8 AS block, d.position, d.checkpoint::float8 AS checkpoint,
  d.delivered::float8 AS delivered, d.delivered_at AS "deliveredAt", d.failing_since AS "failingSince",
  d.last_error AS "lastError", d.attempts, d.next_attempt_at AS "nextAttemptAt", d.seen_at AS "seenAt"`

/**
 * Notes now and then that somebody looks after a delivery, and where it goes. The first time, it begins before the chain.
 * @returns how far it has come
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
