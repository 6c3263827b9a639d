import type { User } from '#lib/features/scim/protocol/user.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { takenIfUnique } from './taken-if-unique.ts'

/**
 * Replaces what the provider knows about a person, whose row is held.
 * @throws AppError scim_taken if the userName or externalId is somebody else's
 */
export async function updateScimUser(
  tx: Tx,
  id: string,
  { userName, externalId, displayName, attributes }: User,
  at: Date,
): Promise<void> {
  const data = {
    userName,
    externalId: externalId ?? null,
    displayName: displayName ?? null,
    attributes: { ...attributes },
    version: { increment: 1 },
    modifiedAt: at,
  }
  await tx.scimUser
    .update({ where: { id }, data, select: { id: true } })
    .catch(takenIfUnique('Another user has this userName or externalId.'))
}
