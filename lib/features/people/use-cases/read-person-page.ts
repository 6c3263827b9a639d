import { z } from 'zod'
import { selectGrantsOfPerson, selectOwnedSpaces, selectSignIns } from '#lib/features/people/db/person-lists.ts'
import { toRequestRow } from '#lib/features/requests/use-cases/request-row.ts'
import { selectAllCredentials } from '#lib/kernel/db/credentials/select-all-credentials.ts'
import { findOffboardingOf } from '#lib/kernel/db/people/find-offboarding.ts'
import { findPerson } from '#lib/kernel/db/people/find-person.ts'
import { selectOtherAccounts } from '#lib/kernel/db/people/select-other-accounts.ts'
import { selectRemainingAccess } from '#lib/kernel/db/people/select-remaining-access.ts'
import { selectSessions } from '#lib/kernel/db/people/sessions.ts'
import { selectOwnRequests } from '#lib/kernel/db/requests/select-requests.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { roleByGroups } from '#lib/kernel/model/access/role.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { type PersonSection, type PersonView, personSections, type Some } from '#lib/kernel/model/people/person-view.ts'
import { platformRoleAt } from '#lib/kernel/model/people/platform-role.ts'
import { providerInFull } from '#lib/kernel/model/people/provider.ts'
import { sessionIdleSince } from '#lib/kernel/model/people/session-life.ts'

const few = 20
const many = 200

export const readPersonPageInput = z.strictObject({
  handle: z
    .string()
    .min(1)
    .max(60)
    .regex(/^[^\0]*$/),
  /** The section to show more of. */
  more: z.enum(personSections).optional(),
})

/**
 * @returns everything about one person, for auditors and platform admins: at most twenty items per section, or 200 of
 *   one
 * @throws AppError not_found
 */
export const readPersonPage = viewPlatform({
  permission: 'read-person',
  input: readPersonPageInput,
  read: async function readReadPersonPage({ ctx, input: { handle, more } }): Promise<PersonView> {
    const at = ctx.clock()
    const idleSince = sessionIdleSince(at)
    const person = await findPerson(ctx.pool, handle, { at, idleSince })
    if (!person) throw new AppError('not_found')
    const { pool } = ctx
    const { id: userId } = person
    const some = async <T>(section: PersonSection, select: (limit: number) => Promise<T[]>): Promise<Some<T>> => {
      const bound = section === more ? many : few
      const found = await select(bound + 1)
      return { rows: found.slice(0, bound), more: found.length > bound }
    }
    const [signIns, sessions, spaces, grants, credentials, requests, offboarding, remainingAccess, others] =
      await Promise.all([
        some('sign-ins', (limit) => selectSignIns(pool, userId, limit)),
        some('sessions', (limit) => selectSessions(pool, { userId, now: at, idleSince }, limit)),
        some('spaces', (limit) => selectOwnedSpaces(pool, userId, limit)),
        some('grants', (limit) => selectGrantsOfPerson(pool, userId, at, limit)),
        some('credentials', (limit) => selectAllCredentials(pool, { person: handle }, { at, limit })),
        some('requests', (take) => selectOwnRequests(pool, userId, { skip: 0, take })),
        person.deactivatedAt ? findOffboardingOf(pool, handle) : null,
        person.deactivatedAt ? selectRemainingAccess(pool, userId, many) : [],
        selectOtherAccounts(pool, userId, few),
      ])
    return {
      person: {
        ...person,
        platformRole: roleByGroups(person, ctx.issuers),
        provider: providerInFull(ctx.providers, person.issuer),
      },
      roleState: platformRoleAt(person.groupsSuspended ? { ...person, platformRole: 'member' } : person, ctx, at),
      signIns,
      sessions,
      spaces,
      grants,
      credentials,
      offboarding,
      remainingAccess,
      otherAccounts: others.map((one) => ({ ...one, provider: providerInFull(ctx.providers, one.issuer) })),
      requests: { ...requests, rows: requests.rows.map((request) => toRequestRow(ctx, request)) },
    }
  },
})
