import { tableOf } from '#lib/features/inbox/db/take-due-deliveries.ts'
import type { Db } from '#lib/kernel/db/client.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'

/** How long a delivery waits for a release that can read its event. Every other one is closed within two days. */
const unreadMs = 7 * dayMs
/** How long what became of a delivery is kept. */
const keptMs = 30 * dayMs

/** Gives up deliveries that no release could read, and deletes closed ones, some thousands at a time. */
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
