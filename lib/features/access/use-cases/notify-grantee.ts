import type { Tx } from '#lib/kernel/db/client.ts'
import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import type { EventOf } from '#lib/kernel/model/inbox/event.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { nameOf, notifyPeople } from '#lib/kernel/use-case/notify-people.ts'
import type { ResolvedPrincipal } from './resolve-principal.ts'

type Without<E> = E extends unknown ? Omit<E, 'space' | 'by'> : never

/** Notifies a person about a change of their role. Members of a group aren't notified about the group's role. */
export async function notifyGrantee(
  ctx: BrokerContext,
  tx: Tx,
  { id: spaceId, name, cluster }: Pick<SpaceRecord, 'id' | 'name' | 'cluster'>,
  principal: ResolvedPrincipal,
  what: Without<EventOf<'access-given' | 'access-changed' | 'access-removed'>>,
): Promise<void> {
  if (principal.kind === 'group') return
  const event = { ...what, space: { name, cluster }, by: nameOf(ctx.actor) }
  await notifyPeople(ctx, tx, event, { to: [principal.user.userId], spaceId })
}
