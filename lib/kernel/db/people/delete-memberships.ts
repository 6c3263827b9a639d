import type { Tx } from '#lib/kernel/db/client.ts'

/**
 * Removes a person from all groups that they were pushed into. A group whose row somebody holds gets its next version from
 * them: waiting for it, with the person held, could deadlock.
 */
export async function deleteMemberships(tx: Tx, userId: string): Promise<void> {
  await tx.$executeRaw`
    WITH gone AS (DELETE FROM scim_group_member WHERE user_id = ${userId}::uuid RETURNING group_id),
    free AS (SELECT g.id FROM scim_group g JOIN gone ON gone.group_id = g.id FOR NO KEY UPDATE OF g SKIP LOCKED)
    UPDATE scim_group g SET version = g.version + 1 FROM free WHERE g.id = free.id`
}
