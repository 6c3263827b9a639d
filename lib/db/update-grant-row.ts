import type { Role } from '#lib/domain/role.ts'
import type { Tx } from './client.ts'

type Terms = { role: Role; endsAt: Date | null }

/**
 * Changes a grant that was not removed, if it is still as it was when the change was decided.
 * @param change.withheldFrom the platform admins for whom it no longer counts; omitted: unchanged
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
