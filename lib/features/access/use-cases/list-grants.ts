import { selectGrants } from '#lib/kernel/db/spaces/select-grants.ts'
import { viewSpace } from '#lib/kernel/define/view-space.ts'
import { providerInWords } from '#lib/kernel/model/people/provider.ts'

/**
 * @returns the space's owner and everyone with a role in it
 * @throws AppError not_found
 */
export const listGrants = viewSpace({
  permission: 'read-space',
  read: async function readListGrants({ ctx, space }) {
    const viewer = {
      userId: ctx.actor.userId,
      issuer: ctx.issuer,
      providerInWords: (issuer: string) => providerInWords(ctx.providers, issuer),
      providerId: (issuer: string) => ctx.providers.find((one) => one.issuer === issuer)?.id,
    }
    return { owner: space.owner, grants: await selectGrants(ctx.pool, space.id, ctx.clock(), viewer) }
  },
})
