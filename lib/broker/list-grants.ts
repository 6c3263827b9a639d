import { listGrants as listInDb } from '../db/list-grants.ts'
import { authorizeSpace, type SpaceKey } from './authorize.ts'
import type { BrokerContext } from './context.ts'

/** @returns who owns the space and who has which role in it; @throws AppError not_found */
export async function listGrants(ctx: BrokerContext, key: SpaceKey) {
  const space = await authorizeSpace(ctx, 'read-space', key)
  const viewer = { userId: ctx.actor.userId, issuer: ctx.issuer }
  return { owner: space.owner, grants: await listInDb(ctx.db, space.id, ctx.clock(), viewer) }
}
