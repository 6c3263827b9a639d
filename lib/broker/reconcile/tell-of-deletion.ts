import type { BrokerContext, SystemContext } from '#lib/broker/use-case/context.ts'
import { nameOf, tellPeople } from '#lib/broker/use-case/tell-people.ts'
import type { Tx } from '#lib/db/client.ts'
import type { SpaceRecord } from '#lib/db/find-space.ts'
import { selectMembersOfSpaces } from '#lib/db/select-members-of-spaces.ts'
import type { EventOf } from '#lib/domain/event.ts'

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
