import type { Role } from '#lib/domain/role.ts'
import type { Tx } from './client.ts'

type Terms = { role: Role; endsAt: Date | null }

/**
 * Changes a grant that nobody removed, as long as it is still what its change was decided on.
 * @param change.withheldFrom the platform admins for whom it does not count from now on; left out: those of before
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
