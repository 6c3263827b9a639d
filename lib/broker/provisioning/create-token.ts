import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { changePlatform } from '#lib/broker/define/change-platform.ts'
import { label } from '#lib/broker/use-case/fields.ts'
import { makeProvisioningToken } from '#lib/credentials/token.ts'
import { insertScimToken } from '#lib/db/insert-scim-token.ts'
import { AppError } from '#lib/domain/errors.ts'

export const createTokenInput = z.strictObject({ name: label.min(1, 'Fill this in.') })

/**
 * Makes a token with which the identity provider provisions people and groups. Two may be in force, so that the provider
 * can change over.
 * @returns the token, which is shown this once: only its hash is kept
 * @throws AppError provisioning_tokens
 */
export const createProvisioningToken = changePlatform({
  permission: 'create-provisioning-token',
  action: 'provisioning.token-create',
  input: createTokenInput,
  about: ({ name }) => ({ target: { kind: 'provisioning-token', name } }),
  prepare({ ctx, input: { name }, about }) {
    const { token, hash } = makeProvisioningToken(ctx.randomBytes)
    const id = randomUUID()
    about({ target: { kind: 'provisioning-token', id, name } })
    return {
      async write({ tx }) {
        const added = await insertScimToken(tx, { id, name, hash, at: ctx.clock(), byId: ctx.actor.userId })
        if (!added) throw new AppError('provisioning_tokens')
        return { id, token }
      },
    }
  },
})
