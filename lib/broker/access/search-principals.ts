import { z } from 'zod'
import { viewInSpace } from '#lib/broker/define/view-space.ts'
import { spaceKey } from '#lib/broker/use-case/authorize.ts'
import { selectExactPrincipals, selectPrincipals } from '#lib/db/select-principals.ts'
import type { Principal } from '#lib/domain/person.ts'

export const searchPrincipalsInput = z.strictObject({ space: spaceKey, text: z.string().trim().max(100) })

const most = 8

/**
 * Suggests people and groups to anyone who may add members to the space. Finds nothing for fewer than two characters;
 * in a closed directory, finds only exact matches.
 * @throws AppError not_found, forbidden, rate_limited
 */
export const searchPrincipals = viewInSpace({
  permission: 'search-principals',
  input: searchPrincipalsInput,
  async read({ ctx, input }): Promise<Principal[]> {
    if (input.text.length < 2) return []
    const search = ctx.policy.directory === 'open' ? selectPrincipals : selectExactPrincipals
    return ctx.withinAllowance('search-principals', ctx.actor.userId, () =>
      search(ctx.db, input.text, ctx.issuer, most),
    )
  },
})
