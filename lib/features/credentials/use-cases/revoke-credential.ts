import { z } from 'zod'
import { findCredential, markCredentialRevoked } from '#lib/features/credentials/db/credential-rows.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'

export const revokeCredentialInput = z.strictObject({ id: z.uuid() })

/**
 * Revokes one of one's own credentials: the next request is refused and open streams are cut.
 * @throws AppError not_found
 */
export const revokeCredential = changeFound({
  by: { permission: 'revoke-credential' },
  action: 'credential.revoke',
  endsAccess: true,
  kind: 'credential',
  input: revokeCredentialInput,
  find: (db, ctx, id) => findCredential(db, ctx.actor.userId, id),
  prepare({ ctx, found, input: { id }, about }) {
    if (found.revokedAt) return { result: undefined }
    if (found.spaceId) about({ spaceId: found.spaceId })
    return {
      async write({ tx, undo }) {
        if (!(await markCredentialRevoked(tx, id, { at: ctx.clock(), byId: ctx.actor.userId }))) undo()
      },
      already: undefined,
    }
  },
})
