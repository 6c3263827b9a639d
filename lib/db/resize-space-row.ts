import type { Size } from '#lib/domain/size.ts'
import type { Tx } from './client.ts'

/** Changes the size of a living space, as long as it still has the one of before. @returns whether it was changed */
export async function resizeSpaceRow(tx: Tx, id: string, { from, to }: { from: Size; to: Size }): Promise<boolean> {
  const { count } = await tx.space.updateMany({
    where: { id, size: from, status: { notIn: ['deleting', 'deleted'] } },
    data: { size: to },
  })
  return count > 0
}
