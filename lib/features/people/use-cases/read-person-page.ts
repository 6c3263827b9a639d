import { z } from 'zod'
import { selectSignIns } from '#lib/features/people/db/select-sign-ins.ts'
import { toRequestRow } from '#lib/features/requests/use-cases/request-row.ts'
import { findOffboardingOf } from '#lib/kernel/db/people/find-offboarding.ts'
import { findPerson } from '#lib/kernel/db/people/find-person.ts'
import { selectOtherAccounts } from '#lib/kernel/db/people/select-other-accounts.ts'
import { selectRemainingAccess } from '#lib/kernel/db/people/select-remaining-access.ts'
import { selectSessions } from '#lib/kernel/db/people/sessions.ts'
import { selectOwnRequests } from '#lib/kernel/db/requests/select-requests.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { roleByGroups } from '#lib/kernel/model/access/role.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import {
  type PersonFacts,
  type PersonHead,
  type PersonSection,
  type PersonView,
  personSections,
  type Some,
} from '#lib/kernel/model/people/person-view.ts'
import { platformRoleAt } from '#lib/kernel/model/people/platform-role.ts'
import { providerInFull } from '#lib/kernel/model/people/provider.ts'
import { sessionIdleSince } from '#lib/kernel/model/people/session-life.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

const few = 20
const many = 200

const handle = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[^\0]*$/)

export const readPersonPageInput = z.strictObject({
  handle,
  /** The section to show more of. */
  more: z.enum(personSections).optional(),
})

/**
 * @returns who a person is, with their platform role and offboarding, for auditors and platform admins
 * @throws AppError not_found
 */
export const readPersonHead = viewPlatform({
  permission: 'read-person',
  input: z.strictObject({ handle }),
  read: async function readReadPersonHead({ ctx, input }): Promise<PersonHead> {
    const person = await personOf(ctx, input.handle)
    return headOf(ctx, person, await offboardingOf(ctx, person))
  },
})

/**
 * @returns a person's overview, for auditors and platform admins: at most twenty items per section, or 200 of one
 * @throws AppError not_found
 */
export const readPersonPage = viewPlatform({
  permission: 'read-person',
  input: readPersonPageInput,
  read: async function readReadPersonPage({ ctx, input: { handle: wanted, more } }): Promise<PersonView> {
    const at = ctx.clock()
    const person = await personOf(ctx, wanted)
    const { pool } = ctx
    const { id: userId } = person
    const some = async <T>(section: PersonSection, select: (limit: number) => Promise<T[]>): Promise<Some<T>> => {
      const bound = section === more ? many : few
      const found = await select(bound + 1)
      return { rows: found.slice(0, bound), more: found.length > bound }
    }
    const [signIns, sessions, requests, offboarding, remainingAccess, others] = await Promise.all([
      some('sign-ins', (limit) => selectSignIns(pool, userId, limit)),
      some('sessions', (limit) => selectSessions(pool, { userId, now: at, idleSince: sessionIdleSince(at) }, limit)),
      some('requests', (take) => selectOwnRequests(pool, userId, { skip: 0, take })),
      offboardingOf(ctx, person),
      person.deactivatedAt ? selectRemainingAccess(pool, userId, many) : [],
      selectOtherAccounts(pool, userId, few),
    ])
    return {
      ...headOf(ctx, person, offboarding),
      signIns,
      sessions,
      remainingAccess,
      otherAccounts: others.map((one) => ({ ...one, provider: providerInFull(ctx.providers, one.issuer) })),
      requests: { ...requests, rows: requests.rows.map((request) => toRequestRow(ctx, request)) },
    }
  },
})

async function personOf(ctx: BrokerContext, wanted: string): Promise<PersonFacts> {
  const at = ctx.clock()
  const person = await findPerson(ctx.pool, wanted, { at, idleSince: sessionIdleSince(at) })
  if (!person) throw new AppError('not_found')
  return person
}

const offboardingOf = async (ctx: BrokerContext, person: PersonFacts) =>
  person.deactivatedAt ? findOffboardingOf(ctx.pool, person.handle) : null

const headOf = (ctx: BrokerContext, person: PersonFacts, offboarding: PersonHead['offboarding']): PersonHead => ({
  person: {
    ...person,
    platformRole: roleByGroups(person, ctx.issuers),
    provider: providerInFull(ctx.providers, person.issuer),
  },
  roleState: platformRoleAt(person.groupsSuspended ? { ...person, platformRole: 'member' } : person, ctx, ctx.clock()),
  offboarding,
})
