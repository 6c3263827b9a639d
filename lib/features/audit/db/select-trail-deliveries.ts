import type { DeliveryView } from '#lib/features/audit/model/trail-delivery.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { deliveryColumns } from './find-trail-delivery.ts'

/** More blocks than these aren’t counted. */
const maxCounted = 20_000

/** @returns each place where the trail is delivered, with how much waits there */
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
