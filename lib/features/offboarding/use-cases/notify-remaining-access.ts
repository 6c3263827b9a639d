import type { Tx } from '#lib/kernel/db/client.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import { selectRemainingAccess } from '#lib/kernel/db/people/select-remaining-access.ts'
import { removalCommand } from '#lib/kernel/model/people/remaining-access.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { nameOf } from '#lib/kernel/use-case/notify-people.ts'

/** Limit of objects to look for. */
const maxObjects = 200
/** Limit of objects in one event. */
const maxNamed = 5

/**
 * Notifies the current owners of spaces about objects there that a departing user created and that could act for them.
 * Only members can remove these.
 * @returns the number of objects, 200 at most
 */
export async function notifyRemainingAccess(
  ctx: BrokerContext,
  tx: Tx,
  departingUser: { id: string; handle: string; name: string },
): Promise<number> {
  const left = await selectRemainingAccess(tx, departingUser.id, maxObjects)
  const events = left.map(({ space: { id: spaceId, name, cluster, namespace }, ownerId, objects }) => ({
    to: ownerId,
    event: {
      kind: 'left-behind' as const,
      space: { name, cluster },
      from: nameOf(departingUser),
      count: objects.length,
      command: removalCommand(namespace, objects.slice(0, maxNamed)),
    },
    spaceId,
  }))
  await insertInboxEvents(tx, events, ctx.clock())
  return left.reduce((sum, { objects }) => sum + objects.length, 0)
}
