import type { Tx } from '#lib/kernel/db/client.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import type { InboxEvent } from '#lib/kernel/model/inbox/event.ts'
import type { ActingContext } from './context.ts'

/** @returns how an event names a person */
export const nameOf = ({ name, handle }: { name: string; handle: string }) => ({ name, handle })

/**
 * Tells people of something, in the transaction that does it: both are stored, or neither is. Nobody is told of what
 * they do themselves.
 * @param to people who may know of it as things are in this transaction; what an event says can't be taken back
 * @param spaceId the space that it is about, if any
 * @param dedupeKey each person gets one event with this key
 */
export async function notifyPeople(
  ctx: ActingContext,
  tx: Tx,
  event: InboxEvent,
  { to, spaceId = null, dedupeKey }: { to: readonly string[]; spaceId?: string | null; dedupeKey?: string },
): Promise<void> {
  const others = 'actor' in ctx ? to.filter((userId) => userId !== ctx.actor.userId) : to
  const events = [...new Set(others)].map((userId) => ({ to: userId, event, spaceId, ...(dedupeKey && { dedupeKey }) }))
  await insertInboxEvents(tx, events, ctx.clock())
}
