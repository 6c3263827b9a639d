import type { Tx } from '#lib/kernel/db/client.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import type { InboxEvent } from '#lib/kernel/model/inbox/event.ts'
import type { ActingContext } from './context.ts'

export const nameOf = ({ name, handle }: { name: string; handle: string }) => ({ name, handle })

type Audience = { to: readonly string[]; spaceId?: string | null; isTask?: boolean; dedupeKey?: string }

/**
 * Adds inbox events in the transaction of the change, except about the recipient's own actions.
 * @param to people who may know about it as of this transaction; an event can't be taken back
 * @param isTask whether it is about a task of the recipients: the badge counts the task instead
 * @param dedupeKey each person gets one event with this key
 */
export async function notifyPeople(
  ctx: ActingContext,
  tx: Tx,
  event: InboxEvent,
  { to, spaceId = null, isTask = false, dedupeKey }: Audience,
): Promise<void> {
  const others = 'actor' in ctx ? to.filter((userId) => userId !== ctx.actor.userId) : to
  const events = [...new Set(others)].map((userId) => ({
    to: userId,
    event,
    spaceId,
    isTask,
    ...(dedupeKey && { dedupeKey }),
  }))
  await insertInboxEvents(tx, events, ctx.clock())
}
