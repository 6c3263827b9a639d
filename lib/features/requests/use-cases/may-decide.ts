import { decidingBy } from '#lib/kernel/db/people/decides-sql.ts'
import { type FoundRequest, findRequest } from '#lib/kernel/db/requests/find-request.ts'
import type { Reader } from '#lib/kernel/db/run-sql.ts'
import type { FoundBy } from '#lib/kernel/define/authorize-found.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

/** The person and the policy's approver rules: the arguments of every SQL condition about deciding. */
const activeDecider = ({ actor, policy, issuers, clock }: BrokerContext) => ({
  userId: actor.userId,
  isPlatformAdmin: actor.platformRole === 'admin' && !actor.isBreakGlass,
  by: decidingBy(policy, { issuers, listed: policy.pushedPrivilegedGroups }),
  at: clock(),
})

/** As activeDecider, for listing and notifying: includes platform admins before activation. */
export const eligibleDecider = (ctx: BrokerContext) => ({
  ...activeDecider(ctx),
  ...(ctx.actor.isEligible && { isPlatformAdmin: true }),
})

/** @returns a request and the person's relation to it, under the context's policy */
export const findFor = (reader: Reader, ctx: BrokerContext, id: string): Promise<FoundRequest | null> =>
  findRequest(reader, id, activeDecider(ctx))

export const byDecider = {
  permissions: ['decide-request'],
  subject: (_, { decides }) => ({ permission: 'decide-request', standing: null, isDecider: decides }),
} satisfies FoundBy<FoundRequest>

/**
 * A request is visible to its requester, its deciders and platform admins. A role request for a missing or deleted
 * space is visible only to its requester, so that it reveals nothing about the space.
 */
export const byReader = {
  permissions: ['read-request'],
  subject(_, { kind, state, space, isChosen }) {
    const isThere = space && space.status !== 'deleting' && space.status !== 'deleted'
    if (kind === 'role' && state === 'open' && !isThere) return null
    return { permission: 'read-request', standing: null, isDecider: isChosen }
  },
  isOwn: (ctx, { requesterId }) => requesterId === ctx.actor.userId,
} satisfies FoundBy<FoundRequest>
