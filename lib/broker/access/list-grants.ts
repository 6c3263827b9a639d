import { viewSpace } from '#lib/broker/define/view-space.ts'
import { selectGrants } from '#lib/db/select-grants.ts'
import { providerInWords } from '#lib/domain/provider.ts'

/** @returns the space's owner and everyone who has a role in it; @throws AppError not_found */
export const listGrants = viewSpace({
  permission: 'read-space',
  async read({ ctx, space }) {
    const viewer = {
      userId: ctx.actor.userId,
      issuer: ctx.issuer,
      providerInWords: (issuer: string) => providerInWords(ctx.providers, issuer),
    }
    return { owner: space.owner, grants: await selectGrants(ctx.pool, space.id, ctx.clock(), viewer) }
  },
})
