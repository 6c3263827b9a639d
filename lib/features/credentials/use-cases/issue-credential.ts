import { randomUUID } from 'node:crypto'
import { insertCredential } from '#lib/features/credentials/db/credential-rows.ts'
import { findAuthenticatedAt } from '#lib/features/credentials/db/find-authenticated-at.ts'
import { renderKubeconfig } from '#lib/features/credentials/model/render-kubeconfig.ts'
import { makeToken, tokenStart } from '#lib/kernel/credentials/token.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { consumeRateLimit } from '#lib/kernel/db/consume-rate-limit.ts'
import { countCredentials } from '#lib/kernel/db/credentials/select-all-credentials.ts'
import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { isFresh } from '#lib/kernel/model/people/fresh-sign-in.ts'
import { credentialEnd, defaultCredentialHours } from '#lib/kernel/model/policy/policy.ts'
import { policyBounds } from '#lib/kernel/model/policy/policy-bounds.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import type { Recording } from '#lib/kernel/use-case/recorded.ts'

/** More than anyone downloads by hand. */
const allowance = { name: 'credential', times: 30, seconds: 600 }

/** Counts every attempt, successful or not. @throws AppError rate_limited, lifetime_too_long */
export async function takeAllowance(ctx: BrokerContext, { hours }: { hours?: number | undefined }): Promise<void> {
  await consumeRateLimit(ctx.pool, allowance, ctx.actor.userId)
  credentialEnd(ctx.policy, ctx.clock(), hours)
}

type Reach = { bound: SpaceRecord | null; spaces: Parameters<typeof renderKubeconfig>[0]['spaces'] }

/** The lifetime in hours, and the owner's name for it. */
type CredentialInput = { hours?: number | undefined; name?: string | undefined }

/** The kubeconfig's text, a file name, and when it expires. */
type Issued = { kubeconfig: string; fileName: string; endsAt: Date }

/**
 * Prepares a credential and its kubeconfig. Only the result has the token: the database stores its SHA-256 and its
 * start.
 * @param reach the space it is bound to (null: none), and the spaces in the kubeconfig
 */
export function issueCredential(
  ctx: BrokerContext,
  about: Recording['about'],
  { bound, spaces }: Reach,
  input: CredentialInput,
): { write: (held: { tx: Tx; now: BrokerContext }) => Promise<Issued> } {
  const name = input.name || null
  const hours = input.hours ?? defaultCredentialHours(ctx.policy)
  const endsAt = credentialEnd(ctx.policy, ctx.clock(), hours)
  const { token, hash } = makeToken(ctx.randomBytes)
  const id = randomUUID()
  about({
    ...(!bound && { target: { kind: 'credential', id } }),
    detail: { credential: id, endsAt: endsAt.toISOString(), bound: bound !== null, ...(name && { name }) },
  })
  const kubeconfig = renderKubeconfig({
    gatewayUrl: ctx.gateway.url,
    ca: ctx.gateway.readCa(),
    handle: ctx.actor.handle,
    token,
    spaces,
  })
  const fileName = bound ? `spaceport-${bound.cluster}-${bound.name}.yaml` : 'spaceport.yaml'
  return {
    async write({ tx, now }) {
      credentialEnd(now.policy, ctx.clock(), hours)
      await assertFresh(now, tx, hours)
      await assertRoom(now, tx)
      await insertCredential(tx, {
        id,
        userId: ctx.actor.userId,
        clusterId: bound?.clusterId ?? null,
        spaceId: bound?.id ?? null,
        tokenHash: Uint8Array.from(hash),
        tokenStart: tokenStart(token),
        name,
        createdAt: ctx.clock(),
        endsAt,
      })
      return { kubeconfig, fileName, endsAt }
    },
  }
}

/**
 * A long credential needs a recent sign-in.
 * @throws AppError fresh_sign_in_needed
 */
async function assertFresh({ actor, policy, clock }: BrokerContext, tx: Tx, hours: number): Promise<void> {
  const { freshSignInHours: free } = policy
  if (free === null || hours <= free) return
  const at = clock()
  if (isFresh(await findAuthenticatedAt(tx, { session: actor.sessionId, userId: actor.userId, at }), at)) return
  const sentence = `A kubeconfig for longer than ${free} ${free === 1 ? 'hour' : 'hours'} needs a fresh sign-in, at most ten minutes old.`
  throw new AppError('fresh_sign_in_needed', {
    sentence,
    fields: { hours: 'Sign in again, or choose a shorter time.' },
  })
}

/**
 * Locks the person's row, so that two simultaneous requests can't both be the last.
 * @throws AppError rate_limited
 */
async function assertRoom({ actor, policy, clock }: BrokerContext, tx: Tx): Promise<void> {
  const maxActive = policy.credentialLimit ?? policyBounds.credentials.max
  if ((await countCredentials(tx, { person: actor.handle }, { at: clock(), bound: maxActive })) < maxActive) return
  const why = policy.credentialLimit === null ? '' : ', as many as the policy allows'
  throw new AppError('rate_limited', {
    sentence: `You have ${maxActive} ${maxActive === 1 ? 'kubeconfig that works' : 'kubeconfigs that work'}${why}. Revoke some under Credentials, then create this one.`,
  })
}
