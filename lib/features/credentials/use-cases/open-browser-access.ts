import { randomUUID } from 'node:crypto'
import { insertSessionCredential } from '#lib/features/credentials/db/credential-rows.ts'
import { makeToken } from '#lib/kernel/credentials/token.ts'
import { consumeRateLimit } from '#lib/kernel/db/consume-rate-limit.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { nothing } from '#lib/kernel/define/view-platform.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { credentialEnd } from '#lib/kernel/model/policy/policy.ts'

/** One per session and web process; no more processes than this start in ten minutes. */
const allowance = { name: 'browser-access', times: 30, seconds: 600 }

/**
 * Creates the credential with which the portal calls the gateway for a person's browser: logs and shells. It ends with
 * the session and is in no list of kubeconfigs. Only the result has the token.
 * @throws AppError not_signed_in, forbidden, rate_limited
 */
export const openBrowserAccess = changePlatform({
  permission: 'create-credential-for-all',
  action: 'credential.create',
  input: nothing,
  about: () => ({ target: { kind: 'credential' } }),
  before: (ctx) => consumeRateLimit(ctx.pool, allowance, ctx.actor.userId),
  prepare({ ctx, about }) {
    const { sessionId, userId } = ctx.actor
    if (sessionId === undefined) throw new AppError('not_signed_in')
    const { token, hash } = makeToken(ctx.randomBytes)
    const id = randomUUID()
    about({ target: { kind: 'credential', id }, detail: { credential: id, browser: true } })
    return {
      async write({ tx, now }) {
        const until = credentialEnd(now.policy, ctx.clock(), now.policy.longestCredentialHours)
        const tokenHash = Uint8Array.from(hash)
        const createdAt = ctx.clock()
        const endsAt = await insertSessionCredential(tx, { id, userId, sessionId, tokenHash, createdAt, until })
        if (!endsAt) throw new AppError('not_signed_in')
        return { token, endsAt }
      },
    }
  },
})
