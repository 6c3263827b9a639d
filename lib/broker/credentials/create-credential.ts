import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { assertLiving, authorizePlatform, authorizeSpace, spaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { holdActor } from '#lib/broker/use-case/hold-actor.ts'
import { holdSpace } from '#lib/broker/use-case/hold-space.ts'
import { recorded } from '#lib/broker/use-case/recorded.ts'
import { makeToken } from '#lib/credentials/token.ts'
import { consumeAllowance } from '#lib/db/consume-allowance.ts'
import { insertCredential } from '#lib/db/insert-credential.ts'
import { selectReachableSpaces } from '#lib/db/select-reachable-spaces.ts'
import { clusterDestination } from '#lib/domain/destination.ts'
import { AppError } from '#lib/domain/errors.ts'
import { credentialEnd } from '#lib/domain/policy.ts'
import { renderKubeconfig } from '#lib/domain/render-kubeconfig.ts'

/** More than anybody downloads by hand. */
const allowance = { name: 'credential', times: 30, seconds: 600 }

export const createCredentialInput = z.strictObject({ space: spaceKey.nullable(), hours: z.number().optional() })

/**
 * Makes a credential and the kubeconfig that carries it. The token is in the answer and nowhere else: only its SHA-256 is kept.
 * @param input.space the space that it is bound to; null: all of the person's spaces
 * @returns the kubeconfig's text, a name for the file, and when it ends
 * @throws AppError not_found, forbidden, lifetime_too_long, space_deleting, rate_limited
 */
export async function createCredential(ctx: BrokerContext, input: z.infer<typeof createCredentialInput>) {
  const about = input.space ? { kind: 'space', name: input.space.name } : { kind: 'credential' }
  return recorded(ctx, 'credential.create', { target: about }, async (record) => {
    await consumeAllowance(ctx.pool, allowance, ctx.actor.userId)
    const ends = credentialEnd(ctx.policy, ctx.clock(), input.hours)
    const bound = input.space ? await authorizeSpace(ctx, 'create-credential', input.space) : null
    if (bound) assertLiving(bound)
    else authorizePlatform(ctx, 'create-credential-for-all')
    const spaces = bound ? [bound] : await selectReachableSpaces(ctx.db, ctx.actor.userId, ctx.clock())
    if (spaces.length === 0)
      throw new AppError('not_found', { sentence: 'You don’t have any spaces yet. Create one first.' })
    const { token, hash } = makeToken(ctx.randomBytes)
    const id = randomUUID()
    record.about({
      target: bound ? { kind: 'space', id: bound.id, name: bound.name } : { kind: 'credential', id },
      ...(bound && { spaceId: bound.id, namespace: bound.namespace, destination: clusterDestination(bound.cluster) }),
      detail: { credentialId: id, endsAt: ends.toISOString(), bound: bound !== null },
    })
    await record.commit(async (tx) => {
      if (bound) assertLiving((await holdSpace(ctx, tx, 'create-credential', bound.id)).space)
      else authorizePlatform(await holdActor(ctx, tx), 'create-credential-for-all')
      await insertCredential(tx, {
        id,
        userId: ctx.actor.userId,
        clusterId: bound?.clusterId ?? null,
        spaceId: bound?.id ?? null,
        tokenHash: Uint8Array.from(hash),
        createdAt: ctx.clock(),
        endsAt: ends,
      })
    })
    const kubeconfig = renderKubeconfig({
      gatewayUrl: ctx.gateway.url,
      ca: ctx.gateway.readCa(),
      handle: ctx.actor.handle,
      token,
      spaces,
    })
    return {
      kubeconfig,
      fileName: bound ? `spaceport-${bound.cluster}-${bound.name}.yaml` : 'spaceport.yaml',
      endsAt: ends,
    }
  })
}
