import type { Tx } from '#lib/kernel/db/client.ts'
import { isLiving } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'

/** Changes the size of a living space if it is still `from`. @returns whether it was changed */
export async function resizeSpaceRow(tx: Tx, id: string, { from, to }: { from: Size; to: Size }): Promise<boolean> {
  const { count } = await tx.space.updateMany({
    where: { id, size: from, ...isLiving },
    data: { size: to },
  })
  return count > 0
}
