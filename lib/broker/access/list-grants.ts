import { authorizeSpace, type SpaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { selectGrants } from '#lib/db/select-grants.ts'

/** @returns who owns the space and who has which role in it; @throws AppError not_found */
export async function listGrants(ctx: BrokerContext, key: SpaceKey) {
  const space = await authorizeSpace(ctx, 'read-space', key)
  const viewer = { userId: ctx.actor.userId, issuer: ctx.issuer }
  return { owner: space.owner, grants: await selectGrants(ctx.db, space.id, ctx.clock(), viewer) }
}
