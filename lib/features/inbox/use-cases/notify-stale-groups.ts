import { selectStaleGroups } from '#lib/features/inbox/db/select-stale-groups.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'

const maxPeople = 200

/**
 * Notifies people who use kubectl some hours before their roles from groups are suspended. Safe in several workers:
 * each suspension is one event.
 * @returns the number of people found
 */
export async function notifyStaleGroups(ctx: SystemContext): Promise<number> {
  const at = ctx.clock()
  const pausing = await selectStaleGroups(ctx.pool, at, maxPeople)
  const events = pausing.map(({ userId, pausesAt, key }) => ({
    to: userId,
    event: { kind: 'groups-pausing' as const, at: pausesAt.toISOString() },
    spaceId: null,
    dedupeKey: key,
  }))
  await inTransaction(ctx.db, (tx) => insertInboxEvents(tx, events, at))
  return pausing.length
}
