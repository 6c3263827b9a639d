import type { CredentialView } from '../domain/credential-view.ts'
import { authorizePlatform } from './authorize.ts'
import type { BrokerContext } from './context.ts'

const most = 200

/** @returns one's own credentials, the newest first; at most 200 */
export async function listCredentials(ctx: BrokerContext): Promise<CredentialView[]> {
  authorizePlatform(ctx, 'list-credentials')
  const rows = await ctx.db.credential.findMany({
    where: { userId: ctx.actor.userId },
    orderBy: { createdAt: 'desc' },
    take: most,
    include: { space: { select: { name: true, status: true, cluster: { select: { name: true } } } } },
  })
  const now = ctx.clock()
  return rows.map(({ id, space, createdAt, endsAt, revokedAt, lastUsedAt, lastUsedAddress }) => ({
    id,
    space: space && { name: space.name, cluster: space.cluster.name, deleted: space.status === 'deleted' },
    createdAt,
    endsAt,
    revokedAt,
    lastUsedAt,
    lastUsedAddress,
    state: revokedAt ? 'revoked' : endsAt <= now ? 'ended' : 'active',
  }))
}
