import { endGrantsById, lowerGrantsById, selectStandings } from '#lib/features/reviews/db/decide-review-lines.ts'
import type { LockedLine } from '#lib/features/reviews/db/lock-review-lines.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { insertInboxEvents, type NewEvent } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import { enqueueReconcileForSpaces } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import type { Role, Standing } from '#lib/kernel/model/access/role.ts'
import type { AdminActTo } from '#lib/kernel/model/people/admin-act.ts'
import { groupLabel } from '#lib/kernel/model/people/group-label.ts'
import { aboutSpace } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext, SystemContext } from '#lib/kernel/use-case/context.ts'
import { nameOf } from '#lib/kernel/use-case/notify-people.ts'
import { type SideEffect, writeSideEffects } from '#lib/kernel/use-case/write-side-effect.ts'

type Why = { review: { id: string; name: string }; reason: string }
type Someone = BrokerContext | SystemContext

/** A line for a role that hasn't changed. */
type GrantLine = LockedLine & {
  grantId: string
  space: NonNullable<LockedLine['space']>
  now: NonNullable<LockedLine['now']>
}
const grantLines = (lines: readonly LockedLine[]): GrantLine[] =>
  lines.flatMap((line) => {
    const { grantId, space, now } = line
    return grantId !== null && space && now ? [{ ...line, grantId, space, now }] : []
  })

/** The holder, as named in the trail. */
const principal = ({ holder, group, groupIssuer }: LockedLine) =>
  group === null ? { principal: `user:${holder}` } : { principal: `group:${group}`, issuer: groupIssuer }

const ofReview = ({ review, reason }: Why) => ({
  review: review.id,
  reviewName: review.name,
  ...(reason !== '' && { reason }),
})

/** Cluster-wide lines have no space. */
const aboutLine = ({ space, kind, grantId, id }: LockedLine): Omit<SideEffect, 'action' | 'detail'> =>
  space ? aboutSpace(space) : { target: { kind, id: grantId ?? id }, destination: 'portal' }

/** Changes no access. The trail records the decision. */
export async function keepLines(ctx: Someone, tx: Tx, lines: readonly LockedLine[], why: Why): Promise<string[]> {
  await writeSideEffects(
    ctx,
    tx,
    lines.map((line) => ({
      ...aboutLine(line),
      action: 'review.keep',
      detail: { ...(line.binding ? bindingOf(line) : { ...principal(line), role: line.role }), ...ofReview(why) },
    })),
  )
  return []
}

/** As keepLines, for bindings that someone has to remove outside Spaceport. */
export async function flagLines(ctx: Someone, tx: Tx, lines: readonly LockedLine[], why: Why): Promise<string[]> {
  await writeSideEffects(
    ctx,
    tx,
    lines.map((line) => ({
      ...aboutLine(line),
      action: 'review.flag',
      detail: { ...bindingOf(line), ...ofReview(why) },
    })),
  )
  return []
}

const bindingOf = ({ binding, holder, role }: LockedLine) => ({
  binding: `${binding?.kind}/${binding?.name}`,
  subjects: holder,
  role,
})

/**
 * Revokes roles. Gateways close open connections and the spaces are reconciled. Notifies people who lose a role, and
 * the owner unless they decided; members of a group aren't notified.
 * @returns the spaces
 */
export async function revokeLines(ctx: Someone, tx: Tx, lines: readonly LockedLine[], why: Why): Promise<string[]> {
  const grants = grantLines(lines)
  const at = ctx.clock()
  await endGrantsById(
    tx,
    grants.map(({ grantId }) => grantId),
    at,
    'actor' in ctx ? ctx.actor.userId : null,
  )
  await writeSideEffects(
    ctx,
    tx,
    grants.map((line) => ({
      ...aboutSpace(line.space),
      action: 'grant.remove',
      detail: { ...principal(line), role: line.now.role, ...asPlatformAdmin(ctx, line), ...ofReview(why) },
    })),
  )
  const people = grants.flatMap((line) => (line.userId === null ? [] : [{ ...line, userId: line.userId }]))
  const left = await selectStandings(
    tx,
    people.map(({ userId, space }) => ({ userId, spaceId: space.id })),
    at,
  )
  const notifications = people.map((line): NewEvent => {
    const { name, cluster, id: spaceId } = line.space
    const remains = left.get(`${spaceId} ${line.userId}`) ?? null
    return {
      to: line.userId,
      event: removedEvent(ctx, { space: { name, cluster }, role: line.now.role, left: remains }, why),
      spaceId,
    }
  })
  const owners = adminActs(ctx, grants, (line, by) => ({
    kind: 'removal',
    to: namedTo(ctx, line),
    role: line.now.role,
    reason: reasonIn(why),
    by,
  }))
  return conclude(ctx, tx, grants, [...notifications, ...owners])
}

type Removed = { space: { name: string; cluster: string }; role: Role; left: Standing | null }

const removedEvent = (ctx: Someone, removed: Removed, { review }: Why): NewEvent['event'] =>
  'actor' in ctx
    ? { kind: 'access-removed', ...removed, by: nameOf(ctx.actor) }
    : { kind: 'review-revoked', ...removed, name: review.name }

/**
 * Lowers roles without changing their end. Otherwise as revokeLines.
 * @returns the spaces
 */
export async function lowerLines(
  ctx: BrokerContext,
  tx: Tx,
  lines: readonly LockedLine[],
  { toRole, ...why }: Why & { toRole: Role },
): Promise<string[]> {
  const grants = grantLines(lines)
  await lowerGrantsById(
    tx,
    grants.map(({ grantId }) => grantId),
    toRole,
  )
  await writeSideEffects(
    ctx,
    tx,
    grants.map((line) => ({
      ...aboutSpace(line.space),
      action: 'grant.change',
      detail: {
        ...principal(line),
        before: line.now,
        after: { ...line.now, role: toRole },
        ...asPlatformAdmin(ctx, line),
        ...ofReview(why),
      },
    })),
  )
  const notifications = grants.flatMap((line): NewEvent[] => {
    const { name, cluster, id: spaceId } = line.space
    const endsAt = line.now.endsAt?.toISOString() ?? null
    const space = { name, cluster }
    const [before, after] = [
      { role: line.now.role, endsAt },
      { role: toRole, endsAt },
    ]
    const event = { kind: 'access-changed' as const, space, before, after, by: nameOf(ctx.actor) }
    return line.userId === null ? [] : [{ to: line.userId, event, spaceId }]
  })
  const owners = adminActs(ctx, grants, (line, by) => ({
    kind: 'grant',
    to: namedTo(ctx, line),
    role: toRole,
    endsAt: line.now.endsAt?.toISOString() ?? null,
    before: line.now.role,
    reason: reasonIn(why),
    by,
  }))
  return conclude(ctx, tx, grants, [...notifications, ...owners])
}

async function conclude(
  ctx: Someone,
  tx: Tx,
  lines: readonly GrantLine[],
  events: readonly NewEvent[],
): Promise<string[]> {
  await insertInboxEvents(tx, events, ctx.clock())
  const spaces = [...new Set(lines.map(({ space }) => space.id))].sort()
  await enqueueReconcileForSpaces(tx, spaces)
  return spaces
}

const reasonIn = ({ review, reason }: Why): string => `${reason} (access review “${review.name}”)`

const isByPlatformAdmin = (ctx: Someone, { space }: GrantLine): ctx is BrokerContext =>
  'actor' in ctx && space.ownerId !== ctx.actor.userId
const asPlatformAdmin = (ctx: Someone, line: GrantLine) =>
  isByPlatformAdmin(ctx, line) ? { asPlatformAdmin: true } : {}

type Act = Extract<NewEvent['event'], { kind: 'admin-act' }>['act']

/** Notifies owners of a platform admin's decisions in their spaces. */
const adminActs = (
  ctx: Someone,
  lines: readonly GrantLine[],
  actOf: (line: GrantLine, by: { name: string; handle: string }) => Act,
): NewEvent[] =>
  lines.flatMap((line) => {
    if (!isByPlatformAdmin(ctx, line)) return []
    const { name, cluster, id: spaceId, ownerId: to } = line.space
    return [
      { to, event: { kind: 'admin-act', space: { name, cluster }, act: actOf(line, nameOf(ctx.actor)) }, spaceId },
    ]
  })

const namedTo = (ctx: Someone, { group, groupIssuer, holder, holderName }: LockedLine): AdminActTo =>
  group === null
    ? { kind: 'user', name: holderName, handle: holder }
    : { kind: 'group', name: groupLabel(group, groupIssuer === ctx.issuer ? null : groupIssuer) }
