import { selectEndingRoles } from '#lib/features/inbox/db/expirations.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'

const maxRoles = 200

/**
 * Notifies people shortly before a role of a day or less ends; the digest leaves those out. Safe in several workers:
 * each end is one event.
 * @returns how many ends were found
 */
export async function notifyExpiringRoles(ctx: SystemContext): Promise<number> {
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
