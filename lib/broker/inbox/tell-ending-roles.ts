import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { inTransaction } from '#lib/db/in-transaction.ts'
import { insertInboxEvents } from '#lib/db/insert-inbox-events.ts'
import { selectEndingRoles } from '#lib/db/select-ending-roles.ts'

const maxRoles = 200

/**
 * Tells people some minutes before a short role of theirs ends, which no digest tells of. Safe to run in several workers
 * at once: each end is one event. @returns how many ends were found
 */
export async function tellEndingRoles(ctx: SystemContext): Promise<number> {
  const at = ctx.clock()
  const ending = await selectEndingRoles(ctx.db, at, maxRoles)
  const events = ending.map(({ userId, spaceId, space, role, endsAt, key }) => ({
    to: userId,
    event: { kind: 'role-ending' as const, space, role, endsAt: endsAt.toISOString() },
    spaceId,
    dedupeKey: key,
  }))
  await inTransaction(ctx.db, (tx) => insertInboxEvents(tx, events, at))
  return ending.length
}
