import { z } from 'zod'
import {
  type SpaceOfDepartingUser,
  selectSpacesOfDepartingUser,
} from '#lib/features/offboarding/db/departing-spaces.ts'
import { countDepartingUser } from '#lib/features/offboarding/db/departing-user.ts'
import type { DepartingUserSpace, DepartingUserView } from '#lib/features/offboarding/model/departing-user-view.ts'
import { findOffboardingOf } from '#lib/kernel/db/people/find-offboarding.ts'
import { findPerson } from '#lib/kernel/db/people/find-person.ts'
import { selectOtherAccounts } from '#lib/kernel/db/people/select-other-accounts.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { maxAccounts, maxOffboardedSpaces, maxOrphanedDays } from '#lib/kernel/model/people/offboarding.ts'
import { providerInFull } from '#lib/kernel/model/people/provider.ts'
import { sessionIdleSince } from '#lib/kernel/model/people/session-life.ts'
import { latestEnd } from '#lib/kernel/model/policy/policy-rules.ts'

export const readDepartingUserInput = z.strictObject({
  handle: z
    .string()
    .min(1)
    .max(60)
    .regex(/^[^\0]*$/),
})

/**
 * @returns a person's spaces and access, to decide about before they are offboarded
 * @throws AppError not_found
 */
export const readDepartingUser = viewPlatform({
  permission: 'offboard-person',
  input: readDepartingUserInput,
  read: async function readReadDepartingUser({ ctx, input: { handle } }): Promise<DepartingUserView> {
    const at = ctx.clock()
    const person = await findPerson(ctx.pool, handle, { at, idleSince: sessionIdleSince(at) })
    if (!person) throw new AppError('not_found')
    const spacesOf = (id: string) => selectSpacesOfDepartingUser(ctx.pool, id, at, maxOffboardedSpaces + 1)
    const [spaces, others, counts, offboarding] = await Promise.all([
      spacesOf(person.id),
      selectOtherAccounts(ctx.pool, person.id, maxAccounts),
      countDepartingUser(ctx.pool, person.id, at),
      findOffboardingOf(ctx.pool, handle),
    ])
    const accounts = await Promise.all(
      others.map(async (account) => ({
        ...account,
        provider: providerInFull(ctx.providers, account.issuer),
        isOwn: account.id === ctx.actor.userId,
        spaces: shown(await spacesOf(account.id)),
      })),
    )
    const { longestSpaceDays } = ctx.policy
    const days = Math.min(longestSpaceDays ?? maxOrphanedDays, maxOrphanedDays)
    return {
      person,
      isOffboarded: offboarding !== null,
      spaces: shown(spaces),
      accounts,
      tooMany: spaces.length > maxOffboardedSpaces,
      ...counts,
      latestDay: latestEnd(at, days)?.toISOString().slice(0, 10) ?? '',
    }
  },
})

const shown = (spaces: readonly SpaceOfDepartingUser[]): DepartingUserSpace[] =>
  spaces.slice(0, maxOffboardedSpaces).map(({ namespace: _, ...space }) => space)
