import type { Tx } from '#lib/kernel/db/client.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'

type Settings = { description: string; size: Size; endsAt: Date | null }

/**
 * Changes settings of a space, if they are still as they were when the change was decided.
 * @returns whether they were changed
 */
export async function updateSpaceRow(
  tx: Tx,
  { id, before }: { id: string; before: Settings },
  change: Partial<Settings>,
): Promise<boolean> {
  const { count } = await tx.space.updateMany({ where: { id, ...before }, data: change })
  return count > 0
}
