import { z } from 'zod'
import { authorizeSpace, spaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { selectExactPrincipals, selectPrincipals } from '#lib/db/select-principals.ts'
import type { Principal } from '#lib/domain/person.ts'

export const searchPrincipalsInput = z.strictObject({ space: spaceKey, text: z.string().trim().max(100) })

const most = 8

/**
 * Suggests people and groups to somebody who may add members to the space. Nothing for fewer than two characters; in a
 * directory that is not open, only what is called exactly so.
 * @throws AppError not_found, forbidden, rate_limited
 */
export async function searchPrincipals(
  ctx: BrokerContext,
  input: z.infer<typeof searchPrincipalsInput>,
): Promise<Principal[]> {
  await authorizeSpace(ctx, 'search-principals', input.space)
  if (input.text.length < 2) return []
  const search = ctx.policy.directory === 'open' ? selectPrincipals : selectExactPrincipals
  return ctx.withinAllowance('search-principals', ctx.actor.userId, () => search(ctx.db, input.text, ctx.issuer, most))
}
