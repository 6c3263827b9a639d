import type { Tx } from '#lib/kernel/db/client.ts'
import { deleteMemberships } from '#lib/kernel/db/people/delete-memberships.ts'

/** Forgets what the identity provider said of a person: their groups and platform role, until their next sign-in. */
export async function forgetClaims(tx: Tx, userId: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM user_group WHERE user_id = ${userId}::uuid`
  await deleteMemberships(tx, userId)
  await tx.$executeRaw`UPDATE user_account SET platform_role = 'member', named_role = 'member' WHERE id = ${userId}::uuid AND (platform_role <> 'member' OR named_role <> 'member')`
}
