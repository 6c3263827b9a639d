import { z } from 'zod'
import {
  type PrincipalRow,
  selectExactPrincipals,
  selectPrincipals,
} from '#lib/features/access/db/select-principals.ts'
import { viewInSpace } from '#lib/kernel/define/view-space.ts'
import type { Principal } from '#lib/kernel/model/people/person.ts'
import { providerInWords } from '#lib/kernel/model/people/provider.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

/** Adds the provider: anyone may have the same name and address at another one. */
function toPrincipal({ providers, issuer: main }: BrokerContext, { issuer, ...found }: PrincipalRow): Principal {
  if (found.kind === 'user') return { ...found, from: providerInWords(providers, issuer) }
  const other = issuer === main ? undefined : providers.find((one) => one.issuer === issuer)
  return { ...found, from: other ? { id: other.id, name: other.name } : null }
}

export const searchPrincipalsInput = z.strictObject({ space: spaceKey, text: z.string().trim().max(100) })

const most = 8

/**
 * Suggests people and groups to anyone who may add members to the space. Needs at least two characters; a closed
 * directory finds only exact matches.
 * @throws AppError not_found, forbidden, rate_limited
 */
export const searchPrincipals = viewInSpace({
  permission: 'search-principals',
  input: searchPrincipalsInput,
  read: async function readSearchPrincipals({ ctx, input }): Promise<Principal[]> {
    if (input.text.length < 2) return []
    const search = ctx.policy.directory === 'open' ? selectPrincipals : selectExactPrincipals
    const found = await ctx.withinRateLimit('search-principals', ctx.actor.userId, () =>
      search(ctx.db, input.text, ctx.issuers, most),
    )
    return found.map((one) => toPrincipal(ctx, one))
  },
})
