import {
  type CredentialRecord,
  selectActiveCredentials,
  selectPastCredentials,
} from '#lib/features/credentials/db/credential-rows.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'
import type { CredentialView } from '#lib/kernel/model/people/credential-view.ts'

const maxPast = 200

/** @returns one's own credentials, newest first: all active ones, and at most 200 others */
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
    return [...active, ...past].map((one) => toView(one, now))
  },
})

/** @returns one's own active credentials, newest first */
export const listActiveCredentials = viewPlatform({
  permission: 'list-credentials',
  input: nothing,
  async read({ ctx }): Promise<CredentialView[]> {
    const now = ctx.clock()
    return (await selectActiveCredentials(ctx.pool, ctx.actor.userId, now)).map((one) => toView(one, now))
  },
})

const toView = ({ space, ...credential }: CredentialRecord, now: Date): CredentialView => ({
  ...credential,
  space: space && { name: space.name, cluster: space.cluster.name, deleted: space.status === 'deleted' },
  state: credential.revokedAt ? 'revoked' : credential.endsAt <= now ? 'ended' : 'active',
})
