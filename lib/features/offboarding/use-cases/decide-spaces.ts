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

/** The decision about all spaces, and the exceptions. */
export type Decisions = {
  rest: SpaceDecision | null
  exceptions: Readonly<Record<string, SpaceDecision>>
}

/** New owners by the handle in the form. */
export type NewOwners = ReadonlyMap<string, FoundUser>

/** Each decision with the form field for its errors. */
const fieldsOf = ({ rest, exceptions }: Decisions) => {
  const own = Object.entries(exceptions).map(([id, decision]) => [`exceptions.${id}`, decision] as const)
  return [...(rest ? [['rest', rest] as const] : []), ...own].map(([name, decision]) => ({
    decision,
    field: `${name}.${decision.kind === 'delete' ? 'endsAt' : 'to'}`,
  }))
}

/**
 * A space without an active owner ends within the policy's limit, and within 90 days.
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
      refuse(
        'space_too_long',
        `At most ${maxOrphanedDays} days from now, since the space has no active owner until then.`,
      )
    try {
      assertSpaceEnds(ctx.policy, now, decision.endsAt)
    } catch (error) {
      if (!isAppError(error, 'space_too_long')) throw error
      refuse('space_too_long', error.sentence)
    }
  }
}

/**
 * @returns the new owners, who must be active and neither the departing user nor the admin who decides
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
    const sentence = `At most ${maxNewOwners} different new owners at once. Hand over some spaces first.`
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
      refuse('grant_owner', 'This person is being offboarded. Choose someone else.')
    newOwners.set(name, user)
  }
  return newOwners
}

/**
 * Checks the new owners again, with their rows locked.
 * @throws AppError principal_unknown for one deactivated since
 */
export async function assertNewOwners(tx: Tx, newOwners: NewOwners, decisions: Decisions): Promise<void> {
  for (const [name, newOwner] of newOwners) {
    const field = fieldsOf(decisions).find(
      ({ decision }) => decision.kind === 'hand-over' && decision.to === name,
    )?.field
    await assertActive(tx, newOwner, field ?? 'rest.to')
  }
}

/** The outcome for a space: a new owner, or an end. */
export type SpaceOutcome = { newOwner: FoundUser } | { endsAt: Date }

/** @returns a function from a space to its outcome, which throws AppError bad_input for a space without a decision */
export function decidedBy({ rest, exceptions }: Decisions, newOwners: NewOwners): (spaceId: string) => SpaceOutcome {
  return (spaceId) => {
    const decided = exceptions[spaceId] ?? rest
    if (decided?.kind === 'delete') return { endsAt: decided.endsAt }
    const newOwner = decided && newOwners.get(decided.to)
    if (newOwner) return { newOwner }
    const sentence = 'They now own another space. Reload the page and decide about it.'
    throw new AppError('bad_input', { sentence, fields: { rest: sentence } })
  }
}
