import type { Tx } from '#lib/kernel/db/client.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'

type Terms = { role: Role; endsAt: Date | null }

/**
 * Changes an active grant, unless it has changed since the check.
 * @param change.withheldFrom the platform admins it doesn't count for; omitted: unchanged
 * @returns whether it was changed
 */
export async function updateGrantRow(
  tx: Tx,
  { id, before }: { id: string; before: Terms },
  change: Terms & { withheldFrom?: string[] },
): Promise<boolean> {
  const { count } = await tx.grant.updateMany({ where: { id, removedAt: null, ...before }, data: change })
  return count > 0
}

/**
 * As updateGrantRow, but ends the row and adds a new one that is withheld from no one.
 * @param removal when and by whom
 */
export async function replaceGrantRow(
  tx: Tx,
  { id, before }: { id: string; before: Terms },
  { role, endsAt }: Terms,
  { at, byId }: { at: Date; byId: string },
): Promise<boolean> {
  const added = await tx.$executeRaw`
    WITH ended AS (
      UPDATE space_grant SET removed_at = ${at}, removed_by_id = ${byId}::uuid
      WHERE id = ${id}::uuid AND removed_at IS NULL AND role = ${before.role}::space_role
        AND ends_at IS NOT DISTINCT FROM ${before.endsAt}::timestamptz
      RETURNING *)
    INSERT INTO space_grant (id, space_id, user_id, "group", group_issuer, role, starts_at, ends_at, created_by_id, request_id,
      created_at, withheld_from, awaits_start)
    SELECT gen_random_uuid(), space_id, user_id, "group", group_issuer, ${role}::space_role, starts_at, ${endsAt}::timestamptz,
      ${byId}::uuid, request_id, ${at}, '{}', awaits_start FROM ended`
  return added > 0
}
