import { tableOf } from '#lib/features/inbox/db/deliveries.ts'
import type { Db } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'

/** Deletes access changes that no gateway can still need, a few thousand at a time. */
export async function deleteAccessChanges(db: Db, before: Date): Promise<void> {
  await db.$executeRaw`
    DELETE FROM access_change WHERE id IN (SELECT id FROM access_change WHERE at < ${before} ORDER BY at LIMIT 5000)`
}

/** How long a delivery waits for a release that can read its event. All others are closed within two days. */
const unreadMs = 7 * dayMs
const keptMs = 30 * dayMs

/** Gives up deliveries that no release could read, and deletes closed ones, a few thousand at a time. */
export async function forgetDeliveries(db: Db, at: Date): Promise<void> {
  for (const channel of ['mail', 'webhook'] as const) {
    const table = tableOf(channel)
    await db.$executeRaw`
      UPDATE ${table} SET state = 'given_up', last_error = 'No worker could read this event.', closed_at = ${at}
      WHERE state = 'waiting' AND created_at < ${new Date(at.getTime() - unreadMs)}`
    await db.$executeRaw`
      DELETE FROM ${table} WHERE id IN (
        SELECT id FROM ${table} WHERE closed_at < ${new Date(at.getTime() - keptMs)} ORDER BY closed_at LIMIT 5000)`
  }
}

/**
 * Indexes new words of the trail, so that searches don't read everything.
 * @param maxChunks of up to 1,000 rows each
 * @returns the number of chunks; 0 while another process does it
 */
export async function indexTrail(pool: Pool, maxChunks: number): Promise<number> {
  const { rows } = await pool.query<{ chunks: number }>('SELECT index_trail($1) AS chunks', [maxChunks])
  return rows[0]?.chunks ?? 0
}
