import { authorizePlatform } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import type { CredentialView } from '#lib/domain/credential-view.ts'

const mostPast = 200

/** @returns one's own credentials, the newest first: all that work, and of the others at most 200 */
export async function listCredentials(ctx: BrokerContext): Promise<CredentialView[]> {
  authorizePlatform(ctx, 'list-credentials')
  const now = ctx.clock()
  const { userId } = ctx.actor
  const include = { space: { select: { name: true, status: true, cluster: { select: { name: true } } } } } as const
  const orderBy = { createdAt: 'desc' } as const
  const [active, past] = await Promise.all([
    ctx.db.credential.findMany({ where: { userId, revokedAt: null, endsAt: { gt: now } }, orderBy, include }),
    ctx.db.credential.findMany({
      where: { userId, OR: [{ revokedAt: { not: null } }, { endsAt: { lte: now } }] },
      orderBy,
      take: mostPast,
      include,
    }),
  ])
  return [...active, ...past].map(({ id, space, createdAt, endsAt, revokedAt, lastUsedAt, lastUsedAddress }) => ({
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
