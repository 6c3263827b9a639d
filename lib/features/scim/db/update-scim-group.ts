import type { Tx } from '#lib/kernel/db/client.ts'
import { takenIfUnique } from './taken-if-unique.ts'

/**
 * Changes a pushed group, whose row is held, and gives it its next version.
 * @throws AppError scim_taken if the name is another group's
 */
export async function updateScimGroup(
  tx: Tx,
  id: string,
  { tokenId, ...group }: { displayName: string; externalId: string | null; namedById: string | null; tokenId: string },
  at: Date,
): Promise<void> {
  await tx.scimGroup
    .update({
      where: { id },
      data: { ...group, changedById: tokenId, version: { increment: 1 }, modifiedAt: at },
      select: { id: true },
    })
    .catch(takenIfUnique('Another group has this displayName.'))
}

/** Deletes a pushed group with its memberships. */
export async function deleteScimGroup(tx: Tx, id: string): Promise<void> {
  await tx.scimGroup.delete({ where: { id }, select: { id: true } })
}
