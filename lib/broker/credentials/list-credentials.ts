import { nothing, viewPlatform } from '#lib/broker/define/view-platform.ts'
import { selectActiveCredentials, selectPastCredentials } from '#lib/db/select-credentials.ts'
import type { CredentialView } from '#lib/domain/credential-view.ts'

const maxPast = 200

/** @returns one's own credentials, newest first: all that work, and at most 200 of the others */
export const listCredentials = viewPlatform({
  permission: 'list-credentials',
  input: nothing,
  async read({ ctx }): Promise<CredentialView[]> {
    const now = ctx.clock()
    const { userId } = ctx.actor
    const [active, past] = await Promise.all([
      selectActiveCredentials(ctx.pool, userId, now),
      selectPastCredentials(ctx.pool, userId, now, maxPast),
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
  },
})
