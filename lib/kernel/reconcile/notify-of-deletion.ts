import type { Tx } from '#lib/kernel/db/client.ts'
import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { selectMembersOfSpaces } from '#lib/kernel/db/spaces/select-members-of-spaces.ts'
import type { EventOf } from '#lib/kernel/model/inbox/event.ts'
import type { BrokerContext, SystemContext } from '#lib/kernel/use-case/context.ts'
import { nameOf, tellPeople } from '#lib/kernel/use-case/notify-people.ts'

/** Tells a space's owner, and those who have a role of their own there, that it is being deleted. */
export async function tellOfDeletion(
  ctx: BrokerContext | SystemContext,
  tx: Tx,
  { id: spaceId, name, cluster, ownerId }: Pick<SpaceRecord, 'id' | 'name' | 'cluster' | 'ownerId'>,
  why: EventOf<'space-deleted'>['why'],
): Promise<void> {
  const by = 'actor' in ctx ? nameOf(ctx.actor) : null
  const event = { kind: 'space-deleted' as const, space: { name, cluster }, by, why }
  const members = (await selectMembersOfSpaces(tx, [spaceId], ctx.clock())).map(({ userId }) => userId)
  await tellPeople(ctx, tx, { ...event, isOwner: true }, { to: [ownerId], spaceId })
  const others = members.filter((userId) => userId !== ownerId)
  await tellPeople(ctx, tx, { ...event, isOwner: false }, { to: others, spaceId })
}
