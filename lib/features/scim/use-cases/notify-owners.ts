import { findTokenMakers } from '#lib/features/scim/db/scim-tokens.ts'
import { selectGainedAccess, selectSpacesOfGroup } from '#lib/features/scim/db/select-gained-access.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { insertInboxEvents, type NewEvent } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import type { PushedBy } from '#lib/kernel/model/inbox/event.ts'
import type { BrokerContext, ProvisioningContext } from '#lib/kernel/use-case/context.ts'
import { nameOf } from '#lib/kernel/use-case/notify-people.ts'

/** A group may have a role in thousands of spaces. */
const eventsAtOnce = 500

type Push = {
  group: string
  /** The ids of new members; null: all members are new. */
  joined: readonly string[] | null
  /** The ids of the members before the change. */
  before: readonly string[]
  /** Whether sign-ins decided the members until now. */
  takenOver: boolean
}

/**
 * Notifies owners, in the push's transaction, when it gives people access to their space or takes over a group with a
 * role there: one event for each space.
 * @returns the number of spaces
 */
export async function notifyOwnersOfPush(ctx: ProvisioningContext, tx: Tx, pushed: Push): Promise<number> {
  const { group, joined, before, takenOver } = pushed
  if (joined?.length === 0 && !takenOver) return 0
  const gained = await selectGainedAccess(tx, { group, issuer: ctx.issuer }, { joined, before, at: ctx.clock() })
  const concerned = gained.filter(({ count }) => takenOver || count > 0)
  if (concerned.length === 0) return 0
  const by = await byToken(ctx, tx)
  const events = concerned.map(
    ({ id, name, cluster, ownerId, count, people }): NewEvent => ({
      to: ownerId,
      spaceId: id,
      event: { kind: 'group-pushed', space: { name, cluster }, group, by, takenOver, count, people },
    }),
  )
  await insertAll(ctx, tx, events)
  return concerned.length
}

/**
 * Notifies owners of spaces in which a group has a role that provisioning gives up: from now on sign-ins decide its
 * members.
 * @returns the number of spaces
 */
export async function notifyOwnersOfRelease(
  ctx: ProvisioningContext | BrokerContext,
  tx: Tx,
  group: string,
  issuer: string,
): Promise<number> {
  const spaces = await selectSpacesOfGroup(tx, { group, issuer }, ctx.clock())
  if (spaces.length === 0) return 0
  const by = 'actor' in ctx ? { token: null, people: [nameOf(ctx.actor)] } : await byToken(ctx, tx)
  const events = spaces.map(
    ({ id, name, cluster, ownerId }): NewEvent => ({
      to: ownerId,
      spaceId: id,
      event: { kind: 'group-released', space: { name, cluster }, group, by },
    }),
  )
  await insertAll(
    ctx,
    tx,
    events.filter(({ to }) => !('actor' in ctx) || to !== ctx.actor.userId),
  )
  return spaces.length
}

const byToken = async ({ provisioner: { tokenId, name } }: ProvisioningContext, tx: Tx): Promise<PushedBy> => ({
  token: name,
  people: await findTokenMakers(tx, tokenId),
})

async function insertAll(ctx: ProvisioningContext | BrokerContext, tx: Tx, events: readonly NewEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += eventsAtOnce)
    await insertInboxEvents(tx, events.slice(from, from + eventsAtOnce), ctx.clock())
}
