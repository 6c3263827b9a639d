import type { Tx } from './client.ts'
import { deleteMemberships } from './delete-memberships.ts'

/** Forgets what the provider knows about a person, and the groups that they were pushed into. Their account stays. */
export async function deleteScimUser(tx: Tx, { id, userId }: { id: string; userId: string }): Promise<void> {
  await deleteMemberships(tx, userId)
  await tx.scimUser.delete({ where: { id }, select: { id: true } })
}
