import type { Db } from '#lib/kernel/db/client.ts'
import type { DeliveryFate } from '#lib/kernel/model/inbox/delivery-attempt.ts'
import { type Channel, tableOf } from './take-due-deliveries.ts'

/** Records what became of a delivery that takeDueDeliveries took. */
export async function closeDelivery(db: Db, channel: Channel, id: string, fate: DeliveryFate, at: Date): Promise<void> {
  const next = fate.state === 'waiting' ? fate.nextAttemptAt : null
  await db.$executeRaw`
    UPDATE ${tableOf(channel)} SET state = ${fate.state}::mail_state, last_error = ${'error' in fate ? fate.error : null},
      next_attempt_at = coalesce(${next}, next_attempt_at), closed_at = ${next === null ? at : null}::timestamptz
    WHERE id = ${id}::uuid AND state = 'waiting'`
}

/** Skips all deliveries that are due: nothing is configured to send them. @returns how many */
export const skipDueDeliveries = (db: Db, channel: Channel, at: Date): Promise<number> =>
  db.$executeRaw`
    UPDATE ${tableOf(channel)} SET state = 'skipped', closed_at = ${at} WHERE state = 'waiting' AND next_attempt_at <= ${at}`
