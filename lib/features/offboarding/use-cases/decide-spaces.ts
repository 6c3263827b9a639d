import { z } from 'zod'
import type { Tx } from '#lib/kernel/db/client.ts'
import { type FoundUser, findUserByHandle } from '#lib/kernel/db/people/find-person.ts'
import { earliest, latest } from '#lib/kernel/model/calendar.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import { AppError, isAppError } from '#lib/kernel/model/errors.ts'
import { maxNewOwners, maxOrphanedDays, type SpaceDecision } from '#lib/kernel/model/people/offboarding.ts'
import { assertSpaceEnds } from '#lib/kernel/model/policy/policy.ts'
import { assertActive } from '#lib/kernel/use-case/assert-active.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

const handle = z
  .string()
  .trim()
  .min(1, 'Choose a person.')
  .max(256)
  .regex(/^[^\0]*$/)

export const decision = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hand-over'), to: handle }),
  z.strictObject({ kind: z.literal('delete'), endsAt: z.date('Choose a day.').min(earliest).max(latest) }),
])

/** What was decided about all spaces, and about some. */
export type Decisions = {
  rest: SpaceDecision | null
  exceptions: Readonly<Record<string, SpaceDecision>>
}

/** New owners by what the form calls them. */
export type NewOwners = ReadonlyMap<string, FoundUser>

/** Each decision with the field of the form in which an error about it is shown. */
const fieldsOf = ({ rest, exceptions }: Decisions) => {
  const own = Object.entries(exceptions).map(([id, decision]) => [`exceptions.${id}`, decision] as const)
  return [...(rest ? [['rest', rest] as const] : []), ...own].map(([name, decision]) => ({
    decision,
    field: `${name}.${decision.kind === 'delete' ? 'endsAt' : 'to'}`,
  }))
}

/**
 * A space without an active owner lives as long as the policy lets spaces live, and 90 days at most.
 * @throws AppError end_in_past, space_too_long
 */
export function assertDates(ctx: Pick<BrokerContext, 'clock' | 'policy'>, decisions: Decisions): void {
  const now = ctx.clock()
  for (const { decision, field } of fieldsOf(decisions)) {
    if (decision.kind !== 'delete') continue
    const refuse = (code: 'end_in_past' | 'space_too_long', sentence: string) => {
      throw new AppError(code, { sentence, fields: { [field]: sentence } })
    }
    if (decision.endsAt <= now) refuse('end_in_past', 'The end date must be in the future.')
    const bound = new Date(now.getTime() + (maxOrphanedDays + 1) * dayMs)
    if (decision.endsAt >= bound)
      refuse('space_too_long', `At most ${maxOrphanedDays} days from now: until then nobody owns the space.`)
    try {
      assertSpaceEnds(ctx.policy, now, decision.endsAt)
    } catch (error) {
      if (!isAppError(error, 'space_too_long')) throw error
      refuse('space_too_long', error.sentence)
    }
  }
}

/**
 * @returns the people who get spaces: active, neither who leaves nor who decides
 * @throws AppError principal_unknown, self_escalation, grant_owner, bad_input for too many
 */
export async function resolveNewOwners(
  ctx: BrokerContext,
  departingUsers: readonly { id: string }[],
  decisions: Decisions,
): Promise<NewOwners> {
  const named = new Map<string, string>()
  for (const { decision, field } of fieldsOf(decisions))
    if (decision.kind === 'hand-over' && !named.has(decision.to)) named.set(decision.to, field)
  if (named.size > maxNewOwners) {
    const sentence = `At most ${maxNewOwners} different new owners at once. Hand some spaces over first.`
    throw new AppError('bad_input', { sentence, fields: { 'rest.to': sentence } })
  }
  const newOwners = new Map<string, FoundUser>()
  for (const [name, field] of named) {
    const user = await findUserByHandle(ctx.db, name)
    const refuse = (code: 'principal_unknown' | 'self_escalation' | 'grant_owner', sentence: string): never => {
      throw new AppError(code, { sentence, fields: { [field]: sentence } })
    }
    if (!user)
      return refuse(
        'principal_unknown',
        `No active person has the handle “${name}”. Copy it from their page under People.`,
      )
    if (user.userId === ctx.actor.userId)
      refuse('self_escalation', 'You can’t give yourself spaces. Choose someone else.')
    if (departingUsers.some(({ id }) => id === user.userId))
      refuse('grant_owner', 'That is who leaves. Choose someone else.')
    newOwners.set(name, user)
  }
  return newOwners
}

/** Checks again, with the new owners' rows held. @throws AppError principal_unknown for one who has been deactivated since */
export async function assertNewOwners(tx: Tx, newOwners: NewOwners, decisions: Decisions): Promise<void> {
  for (const [name, newOwner] of newOwners) {
    const field = fieldsOf(decisions).find(
      ({ decision }) => decision.kind === 'hand-over' && decision.to === name,
    )?.field
    await assertActive(tx, newOwner, field ?? 'rest.to')
  }
}

/** What becomes of a space: it gets an owner, or an end. */
export type Passing = { newOwner: FoundUser } | { endsAt: Date }

/** @returns what becomes of each space; it throws AppError bad_input for one about which nothing was decided */
export function decidedBy({ rest, exceptions }: Decisions, newOwners: NewOwners): (spaceId: string) => Passing {
  return (spaceId) => {
    const decided = exceptions[spaceId] ?? rest
    if (decided?.kind === 'delete') return { endsAt: decided.endsAt }
    const newOwner = decided && newOwners.get(decided.to)
    if (newOwner) return { newOwner }
    const sentence = 'They own a space by now. Reload the page and decide what becomes of it.'
    throw new AppError('bad_input', { sentence, fields: { rest: sentence } })
  }
}
