import { z } from 'zod'
import { authorizePlatform } from '#lib/broker/use-case/authorize.ts'
import { commitOnce } from '#lib/broker/use-case/commit-once.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { recorded } from '#lib/broker/use-case/recorded.ts'
import { findCredential } from '#lib/db/find-credential.ts'
import { markCredentialRevoked } from '#lib/db/mark-credential-revoked.ts'
import { AppError } from '#lib/domain/errors.ts'

export const revokeCredentialInput = z.strictObject({ id: z.uuid() })

/** Ends one of one's own credentials at once: the next request is refused, open streams are cut. @throws AppError not_found */
export async function revokeCredential(
  ctx: BrokerContext,
  { id }: z.infer<typeof revokeCredentialInput>,
): Promise<void> {
  await recorded(ctx, 'credential.revoke', { target: { kind: 'credential', id } }, async (record) => {
    authorizePlatform(ctx, 'revoke-credential')
    const { userId } = ctx.actor
    const found = await findCredential(ctx.db, userId, id)
    if (!found) throw new AppError('not_found')
    if (found.revokedAt) return
    if (found.spaceId) record.about({ spaceId: found.spaceId })
    await commitOnce(record, (tx) => markCredentialRevoked(tx, id, { at: ctx.clock(), byId: userId }))
  })
}
