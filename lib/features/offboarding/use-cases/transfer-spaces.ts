import {
  endSpacesBy,
  handOverSpaces,
  type SpaceOfDepartingUser,
  selectSpacesOfDepartingUser,
} from '#lib/features/offboarding/db/departing-spaces.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { insertInboxEvents, type NewEvent } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import type { FoundUser } from '#lib/kernel/db/people/find-person.ts'
import { selectMembersOfSpaces } from '#lib/kernel/db/spaces/select-members-of-spaces.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { maxOffboardedSpaces } from '#lib/kernel/model/people/offboarding.ts'
import { aboutSpace } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { nameOf } from '#lib/kernel/use-case/notify-people.ts'
import { type SideEffect, writeSideEffects } from '#lib/kernel/use-case/write-side-effect.ts'
import type { SpaceOutcome } from './decide-spaces.ts'

type DepartingUser = { id: string; handle: string; name: string }
type Transfer = { space: SpaceOfDepartingUser; newOwner: FoundUser }
type Ending = { space: SpaceOfDepartingUser; endsAt: Date }

/** Limit of spaces in one event. */
const maxNamed = 10

/**
 * Transfers a departing user's spaces to new owners, or sets their end. The new owners' limits don't apply, since a
 * platform admin decides. Notifies new owners, and members of spaces that end. Locks the spaces' rows and queues their
 * reconciles.
 * @throws AppError bad_input for more than 500
 */
export async function transferSpaces(
  ctx: BrokerContext,
  tx: Tx,
  departingUser: DepartingUser,
  { decide, reason }: { decide: (spaceId: string) => SpaceOutcome; reason: string },
): Promise<{ spacesHandedOver: number; spacesEnding: number }> {
  const at = ctx.clock()
  const spaces = await selectSpacesOfDepartingUser(tx, departingUser.id, at, maxOffboardedSpaces + 1)
  if (spaces.length > maxOffboardedSpaces)
    throw new AppError('bad_input', {
      sentence: `They own more than ${maxOffboardedSpaces} spaces, the limit for one offboarding. Delete or hand over some of them first.`,
    })
  const transfers: Transfer[] = []
  const ending: Ending[] = []
  for (const space of spaces) {
    const passing = decide(space.id)
    if ('newOwner' in passing) transfers.push({ space, newOwner: passing.newOwner })
    else ending.push({ space, endsAt: passing.endsAt })
  }
  await handOverSpaces(
    tx,
    transfers.map(({ space, newOwner }) => ({ id: space.id, ownerId: newOwner.userId })),
    { at, byId: ctx.actor.userId },
  )
  await endSpacesBy(
    tx,
    ending.map(({ space, endsAt }) => ({ id: space.id, endsAt })),
  )
  await writeSideEffects(ctx, tx, [
    ...transfers.map(handedOver(departingUser, reason)),
    ...ending.map(ends(departingUser, reason)),
  ])
  const common = { from: nameOf(departingUser), by: nameOf(ctx.actor), reason }
  await insertInboxEvents(
    tx,
    [...newOwnersEvents(transfers, common), ...(await membersEvents(tx, ending, common, at))],
    at,
  )
  return { spacesHandedOver: transfers.length, spacesEnding: ending.length }
}

const handedOver =
  (departingUser: DepartingUser, reason: string) =>
  ({ space, newOwner }: Transfer): SideEffect => ({
    ...aboutSpace(space),
    action: 'space.hand-over',
    detail: { from: departingUser.handle, to: newOwner.handle, asPlatformAdmin: true, reason },
  })

const ends =
  (departingUser: DepartingUser, reason: string) =>
  ({ space, endsAt }: Ending): SideEffect => ({
    ...aboutSpace(space),
    action: 'space.update',
    detail: {
      before: { endsAt: space.endsAt },
      after: { endsAt: earlierOf(space, endsAt) },
      owner: departingUser.handle,
      reason,
    },
  })

const earlierOf = ({ endsAt }: SpaceOfDepartingUser, wanted: Date): Date =>
  endsAt && endsAt < wanted ? endsAt : wanted

type Common = { from: { name: string; handle: string }; by: { name: string; handle: string }; reason: string }

const named = (spaces: readonly SpaceOfDepartingUser[]) => ({
  count: spaces.length,
  spaces: spaces.slice(0, maxNamed).map(({ name, cluster }) => ({ name, cluster })),
})
const onlyOne = (spaces: readonly SpaceOfDepartingUser[]) => (spaces.length === 1 ? (spaces[0]?.id ?? null) : null)

/** One event for each new owner, regardless of the number of spaces. */
const newOwnersEvents = (transfers: readonly Transfer[], common: Common): NewEvent[] =>
  [...Map.groupBy(transfers, ({ newOwner }) => newOwner.userId)].map(([to, theirs]) => {
    const spaces = theirs.map(({ space }) => space)
    return { to, event: { kind: 'spaces-handed-over', ...common, ...named(spaces) }, spaceId: onlyOne(spaces) }
  })

/** One event for each member, too. */
async function membersEvents(tx: Tx, ending: readonly Ending[], common: Common, at: Date): Promise<NewEvent[]> {
  const byId = new Map(ending.map((one) => [one.space.id, one]))
  const members = await selectMembersOfSpaces(tx, [...byId.keys()], at)
  return members.map(({ userId: to, spaceIds }) => {
    const theirs = spaceIds.flatMap((id) => byId.get(id) ?? [])
    const spaces = theirs.map(({ space }) => space)
    const first = new Date(Math.min(...theirs.map(({ space, endsAt }) => earlierOf(space, endsAt).getTime())))
    const event = { kind: 'spaces-ending' as const, ...common, ...named(spaces), endsAt: first.toISOString() }
    return { to, event, spaceId: onlyOne(spaces) }
  })
}
