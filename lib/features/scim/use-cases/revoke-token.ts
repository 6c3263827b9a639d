import { z } from 'zod'
import { markScimTokenRevoked } from '#lib/features/scim/db/scim-tokens.ts'
import { findScimTokenById } from '#lib/kernel/db/scim/find-scim-token.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'

export const revokeTokenInput = z.strictObject({ id: z.uuid() })

/**
 * Revokes a provisioning token for good: the provider's next request with it is refused.
 * @throws AppError not_found
 */
export const revokeProvisioningToken = changeFound({
  by: { permission: 'revoke-provisioning-token' },
  action: 'provisioning.token-revoke',
  endsAccess: true,
  kind: 'provisioning-token',
  input: revokeTokenInput,
  find: (db, _ctx, id) => findScimTokenById(db, id),
  prepare: function prepareRevokeProvisioningToken({ ctx, found, input: { id }, about }) {
    about({ target: { kind: 'provisioning-token', id, name: found.name } })
    if (found.revokedAt) return { result: undefined }
    return {
      write: async function writeRevokeProvisioningToken({ tx, undo }) {
        if (!(await markScimTokenRevoked(tx, id, { at: ctx.clock(), byId: ctx.actor.userId }))) undo()
      },
      already: undefined,
    }
  },
})
