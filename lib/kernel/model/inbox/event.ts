import { z } from 'zod'
import { roles, standings } from '#lib/kernel/model/access/role.ts'
import { termOf } from '#lib/kernel/model/access/role-term.ts'
import { adminAct } from '#lib/kernel/model/people/admin-act.ts'
import type { RequestPayload } from '#lib/kernel/model/requests/access-request.ts'
import { reviewRules } from '#lib/kernel/model/requests/review.ts'
import { sizes } from '#lib/kernel/model/spaces/size.ts'

/**
 * The kinds of inbox events, with only the data their sentences need. Unknown keys are dropped, so no secret can slip
 * in. Instants are ISO 8601, UTC.
 */
const person = z.object({ name: z.string(), handle: z.string() })
const space = z.object({ name: z.string(), cluster: z.string() })
const endsAt = z.string().nullable()
const role = z.enum(roles)

/** The requested change. The space of a size is null once its name is no longer known. */
const asked = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('space'), space, size: z.enum(sizes) }),
  z.object({ kind: z.literal('size'), space: space.nullable(), size: z.enum(sizes) }),
  z.object({ kind: z.literal('life'), space: space.nullable(), endsAt }),
  z.object({ kind: z.literal('role'), space, role, minutes: z.number().nullable(), startsAt: z.string().nullable() }),
])
export type RequestedChange = z.infer<typeof asked>

const request = { request: z.string(), asked }
const review = { review: z.string(), name: z.string() }
const standing = z.object({ role, endsAt })
/** A departed user, how many of their spaces it is about, and some of them. */
const leaving = { from: person, by: person, count: z.number(), spaces: z.array(space), reason: z.string() }

/** An upcoming end. A credential without a space works in all of the person's spaces. */
const ending = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('space'), space, endsAt: z.string() }),
  z.object({ kind: z.literal('role'), space, role, endsAt: z.string() }),
  z.object({ kind: z.literal('credential'), space: space.nullable(), endsAt: z.string() }),
])
export type Ending = z.infer<typeof ending>

/** A provisioning token with some of its makers; or, without a token, the platform admin who did it. */
const pushedBy = z.object({ token: z.string().nullable(), people: z.array(person) })
export type PushedBy = z.infer<typeof pushedBy>

const event = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('request-waiting'), ...request, by: person, reason: z.string() }),
  /** An approval before the last one. */
  z.object({
    kind: z.literal('request-approved-once'),
    ...request,
    requester: person,
    by: person,
    number: z.number(),
    needed: z.number(),
  }),
  z.object({ kind: z.literal('request-withdrawn'), ...request, by: person }),
  z.object({
    kind: z.literal('request-decided'),
    ...request,
    decision: z.enum(['approved', 'denied']),
    by: person,
    reason: z.string().nullable(),
    endsAt,
  }),
  z.object({ kind: z.literal('request-expired'), ...request, reason: z.string().nullable() }),
  /** Review lines that wait for the reader’s decision. `left`: days until the end; null: it has just started. */
  z.object({
    kind: z.literal('review-waiting'),
    ...review,
    lines: z.number(),
    dueAt: z.string(),
    left: z.number().nullable(),
    undecided: z.enum(reviewRules),
  }),
  /** The reader’s role was revoked because no one decided in time. */
  z.object({ kind: z.literal('review-revoked'), space, role, left: z.enum(standings).nullable(), name: z.string() }),
  z.object({
    kind: z.literal('review-closed'),
    ...review,
    decided: z.number(),
    kept: z.number(),
    revoked: z.number(),
  }),
  z.object({ kind: z.literal('access-given'), space, role, endsAt, by: person }),
  z.object({ kind: z.literal('access-changed'), space, before: standing, after: standing, by: person }),
  z.object({ kind: z.literal('access-removed'), space, role, left: z.enum(standings).nullable(), by: person }),
  z.object({
    kind: z.literal('offer-received'),
    space,
    from: person,
    admin: person.nullable(),
    reason: z.string().nullable(),
  }),
  z.object({ kind: z.literal('offer-accepted'), space, by: person }),
  z.object({ kind: z.literal('offer-declined'), space, by: person }),
  z.object({ kind: z.literal('offer-expired'), space, to: person }),
  z.object({ kind: z.literal('admin-act'), space, act: adminAct }),
  /** The reader’s space, or one in which they have a role. `why`: it wasn't deleted by a person. */
  z.object({
    kind: z.literal('space-deleted'),
    space,
    isOwner: z.boolean(),
    by: person.nullable(),
    why: z.enum(['ended', 'name-taken']).nullable(),
  }),
  /** The reader took over a departed user's spaces. */
  z.object({ kind: z.literal('spaces-handed-over'), ...leaving }),
  /** A departed user's spaces, in which the reader has a role, will be deleted. */
  z.object({ kind: z.literal('spaces-ending'), ...leaving, endsAt: z.string() }),
  z.object({ kind: z.literal('offboarding-complete'), person }),
  /** A departed user created objects in the reader's space that could act for them. */
  z.object({ kind: z.literal('left-behind'), space, from: person, count: z.number(), command: z.string() }),
  z.object({
    kind: z.literal('credentials-revoked'),
    count: z.number(),
    by: person,
    reason: z.string().nullable(),
  }),
  /** `by` null: the identity provider. */
  z.object({
    kind: z.literal('sessions-ended'),
    by: person.nullable(),
    credentials: z.number(),
    limited: z.boolean().optional(),
  }),
  /**
   * Provisioning gave people access to the reader's space through a group; `people`: some of them. `takenOver`: before,
   * sign-ins determined its members.
   */
  z.object({
    kind: z.literal('group-pushed'),
    space,
    group: z.string(),
    by: pushedBy,
    takenOver: z.boolean(),
    count: z.number(),
    people: z.array(person),
  }),
  /** A group with a role in the reader's space is no longer pushed: it has no members until sign-ins name it. */
  z.object({ kind: z.literal('group-released'), space, group: z.string(), by: pushedBy }),
  /** Provisioning removed platform admins; `people`: some of them, `left`: how many remain. */
  z.object({ kind: z.literal('admins-lost'), people: z.array(person).min(1), count: z.number(), left: z.number() }),
  /** Provisioning was refused because it would have removed the last platform admin. */
  z.object({ kind: z.literal('admin-kept'), person }),
  /** A platform admin requests a provisioning token. `expiresAt`: when the token expires. */
  z.object({ kind: z.literal('token-requested'), name: z.string(), by: person, expiresAt: z.string() }),
  z.object({
    kind: z.literal('token-decided'),
    name: z.string(),
    decision: z.enum(['approved', 'declined']),
    by: person,
  }),
  /** `by` null: the operator's command. */
  z.object({
    kind: z.literal('token-created'),
    name: z.string(),
    by: person.nullable(),
    approvedBy: person.nullable(),
    expiresAt: z.string(),
  }),
  z.object({ kind: z.literal('token-taken-over'), name: z.string(), by: person, from: person }),
  /** A person responsible for provisioning tokens is no longer an active platform admin. */
  z.object({ kind: z.literal('token-stopped'), names: z.array(z.string()).min(1), person }),
  z.object({ kind: z.literal('token-expiring'), name: z.string(), expiresAt: z.string() }),
  z.object({ kind: z.literal('provisioning-frozen'), by: person, reason: z.string() }),
  z.object({ kind: z.literal('provisioning-unfrozen'), by: person, reason: z.string() }),
  /** What ends in the next days, earliest first; `more`: how many aren't listed. */
  z.object({ kind: z.literal('endings'), ends: z.array(ending).min(1), more: z.number() }),
  /** The receiver said that it is gone, so nothing more is sent. */
  z.object({ kind: z.literal('webhook-off'), host: z.string() }),
  z.object({ kind: z.literal('admin-role-activated'), by: person, reason: z.string(), endsAt: z.string() }),
  z.object({ kind: z.literal('admin-role-ended'), by: person, reason: z.string() }),
  /** An operator's command created a break-glass code. */
  z.object({ kind: z.literal('break-glass-code-created') }),
  /** A person signed in with the break-glass account. */
  z.object({
    kind: z.literal('break-glass-account-used'),
    by: person,
    from: z.string().nullable(),
    endsAt: z.string(),
  }),
  /** A verification found that the trail was changed. `says`: the first finding. */
  z.object({ kind: z.literal('trail-broken'), says: z.string(), count: z.number() }),
  /** A verification couldn't read the trail to its end. */
  z.object({ kind: z.literal('trail-unread') }),
  /**
   * A cluster’s audit has requests with a Spaceport identity that Spaceport didn't make. `event`: the first in the
   * trail; `from`: its address.
   */
  z.object({
    kind: z.literal('identity-misused'),
    cluster: z.string(),
    count: z.number(),
    event: z.string(),
    at: z.string(),
    from: z.string().nullable(),
  }),
  z.object({ kind: z.literal('role-ending'), space, role, endsAt: z.string() }),
  /** The provider hasn't confirmed the reader’s groups for a while. */
  z.object({ kind: z.literal('groups-pausing'), at: z.string() }),
  /** No provisioning token has been used for a while, so pushed groups will be suspended. */
  z.object({ kind: z.literal('provisioning-idle'), at: z.string() }),
  /** The reader hasn't been seen for almost as many days as the policy allows. */
  z.object({ kind: z.literal('deactivation-coming'), at: z.string(), days: z.number() }),
])

export type InboxEvent = z.infer<typeof event>
export type EventKind = InboxEvent['kind']
export type EventOf<K extends EventKind> = Extract<InboxEvent, { kind: K }>

export const eventKinds: readonly EventKind[] = event.options.map(({ shape }) => shape.kind.value)

export const eventGroups = ['waiting', 'decided', 'access', 'spaces', 'endings'] as const
export type EventGroup = (typeof eventGroups)[number]

const groups: Readonly<Record<EventKind, EventGroup>> = {
  'request-waiting': 'waiting',
  'request-approved-once': 'waiting',
  'request-withdrawn': 'waiting',
  'offer-received': 'waiting',
  'review-waiting': 'waiting',
  'webhook-off': 'waiting',
  'admin-role-activated': 'waiting',
  'admin-role-ended': 'access',
  'break-glass-code-created': 'waiting',
  'break-glass-account-used': 'waiting',
  'trail-broken': 'waiting',
  'trail-unread': 'waiting',
  'identity-misused': 'waiting',
  'request-decided': 'decided',
  'request-expired': 'decided',
  'access-given': 'access',
  'access-changed': 'access',
  'access-removed': 'access',
  'review-revoked': 'access',
  'credentials-revoked': 'access',
  'sessions-ended': 'access',
  'admins-lost': 'waiting',
  'admin-kept': 'waiting',
  'token-requested': 'waiting',
  'token-decided': 'decided',
  'token-created': 'waiting',
  'token-taken-over': 'waiting',
  'token-stopped': 'waiting',
  'token-expiring': 'endings',
  'provisioning-frozen': 'waiting',
  'provisioning-unfrozen': 'waiting',
  'provisioning-idle': 'waiting',
  'group-pushed': 'spaces',
  'group-released': 'spaces',
  'offer-accepted': 'spaces',
  'offer-declined': 'spaces',
  'offer-expired': 'spaces',
  'admin-act': 'spaces',
  'space-deleted': 'spaces',
  endings: 'endings',
  'role-ending': 'endings',
  'groups-pausing': 'endings',
  'deactivation-coming': 'endings',
  'spaces-handed-over': 'spaces',
  'spaces-ending': 'spaces',
  'offboarding-complete': 'spaces',
  'left-behind': 'spaces',
  'review-closed': 'spaces',
}

export const groupOf = (kind: EventKind): EventGroup => groups[kind]

const alarms: ReadonlySet<EventKind> = new Set([
  'break-glass-account-used',
  'break-glass-code-created',
  'trail-broken',
  'trail-unread',
  'identity-misused',
  'token-created',
  'admin-kept',
])

/** Whether it is sent whatever the person chose: alarms can't be turned off. */
export const isAlarm = (kind: EventKind): boolean => alarms.has(kind)

const warnings: ReadonlySet<EventKind> = new Set([
  'admin-role-activated',
  'admins-lost',
  'token-requested',
  'token-created',
  'token-taken-over',
])

/**
 * Whether it is sent even if the person was deactivated since: it warns admins of an attacker who may deactivate them
 * first.
 */
export const isSentToDeactivated = (kind: EventKind): boolean => isAlarm(kind) || warnings.has(kind)

/**
 * @returns a stored event, typed; null if this release can't read it: one such row must not block an inbox or the mails
 * after it
 */
export const parseEvent = (kind: string, data: unknown): InboxEvent | null =>
  event.safeParse({ ...Object(data), kind }).data ?? null

/** @returns an event as it is stored: without its kind, which has its own column */
export function dataOf(given: InboxEvent): Record<string, unknown> {
  const { kind: _, ...data } = event.parse(given)
  return data
}

/**
 * @param of the request's space, as far as the requester may know it; null: none yet, or gone
 * @returns the requested change
 */
export function requestedChangeOf(
  payload: RequestPayload,
  of: { name: string; cluster: string } | null,
): RequestedChange {
  switch (payload.kind) {
    case 'space':
      return { kind: 'space', space: { name: payload.name, cluster: payload.cluster }, size: payload.size }
    case 'size':
      return { kind: 'size', space: of && { name: of.name, cluster: of.cluster }, size: payload.size }
    case 'life':
      return { kind: 'life', space: of && { name: of.name, cluster: of.cluster }, endsAt: payload.endsAt }
    case 'role': {
      const { cluster, space: name, role: wanted } = payload
      const { minutes, startsAt } = termOf(payload)
      return {
        kind: 'role',
        space: { name, cluster },
        role: wanted,
        minutes,
        startsAt: startsAt?.toISOString() ?? null,
      }
    }
  }
}
