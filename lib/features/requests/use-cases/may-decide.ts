import { decidingBy } from '#lib/kernel/db/people/decides-sql.ts'
import { type FoundRequest, findRequest } from '#lib/kernel/db/requests/find-request.ts'
import type { Reader } from '#lib/kernel/db/run-sql.ts'
import type { FoundBy } from '#lib/kernel/define/authorize-found.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

/** The person, and what the policy says of who decides: what every statement about it takes. */
const whoDecides = ({ actor, policy, issuers, clock }: BrokerContext) => ({
  userId: actor.userId,
  isPlatformAdmin: actor.platformRole === 'admin' && !actor.isBreakGlass,
  by: decidingBy(policy, { issuers, listed: policy.pushedPrivilegedGroups }),
  at: clock(),
})

/** As whoDecides, for whom requests wait: for platform admins also while their role isn’t activated. */
export const whoIsAsked = (ctx: BrokerContext) => ({
  ...whoDecides(ctx),
  ...(ctx.actor.isEligible && { isPlatformAdmin: true }),
})

/** @returns a request and what the person has to do with it, by the policy of the context */
export const findFor = (reader: Reader, ctx: BrokerContext, id: string): Promise<FoundRequest | null> =>
  findRequest(reader, id, whoDecides(ctx))

/** Those decide on a request whom the policy chooses for it. */
export const byDecider = {
  permissions: ['decide-request'],
  subject: (_, { decides }) => ({ permission: 'decide-request', standing: null, isDecider: decides }),
} satisfies FoundBy<FoundRequest>

/**
 * A request is read by its requester, by those who decide, and by platform admins: but for a role in a space that
 * doesn't exist, or that is being deleted, by nobody else, since nobody could tell the two apart.
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
