import type { Tx } from '#lib/kernel/db/client.ts'
import { deleteMemberships } from '#lib/kernel/db/people/delete-memberships.ts'

/** Forgets what the provider knows about a person, and the groups that they were pushed into. Their account stays. */
export async function deleteScimUser(tx: Tx, { id, userId }: { id: string; userId: string }): Promise<void> {
  await deleteMemberships(tx, userId)
  await tx.scimUser.delete({ where: { id }, select: { id: true } })
}
