import type { Tx } from '#lib/kernel/db/client.ts'
import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import type { AdminAct, AdminActTo } from '#lib/kernel/model/people/admin-act.ts'
import { groupLabel } from '#lib/kernel/model/people/group-label.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { nameOf, notifyPeople } from '#lib/kernel/use-case/notify-people.ts'
import type { ResolvedPrincipal } from './resolve-principal.ts'

type Act = AdminAct extends infer A ? (A extends AdminAct ? Omit<A, 'by'> : never) : never

/** Notifies a space's owner about an action by platform role, in the transaction of that action. */
export async function notifyOwner(
  ctx: BrokerContext,
  tx: Tx,
  { id: spaceId, ownerId, name, cluster }: Pick<SpaceRecord, 'id' | 'ownerId' | 'name' | 'cluster'>,
  act: Act,
): Promise<void> {
  const event = { kind: 'admin-act' as const, space: { name, cluster }, act: { ...act, by: nameOf(ctx.actor) } }
  await notifyPeople(ctx, tx, event, { to: [ownerId], spaceId })
}

export const toPrincipal = (ctx: Pick<BrokerContext, 'issuer'>, principal: ResolvedPrincipal): AdminActTo =>
  principal.kind === 'group'
    ? {
        kind: 'group',
        name: groupLabel(principal.group, principal.issuer === ctx.issuer ? null : principal.issuer),
      }
    : { kind: 'user', name: principal.user.name, handle: principal.user.handle }
