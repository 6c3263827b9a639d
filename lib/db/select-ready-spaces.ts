import type { Db } from './client.ts'

/** @returns the ids of spaces of a cluster that should be ready, in order, after a given one; at most 500 */
export async function selectReadySpaces(db: Db, cluster: string, after: string): Promise<string[]> {
  const rows = await db.space.findMany({
    where: { status: 'ready', cluster: { name: cluster }, ...(after && { id: { gt: after } }) },
    select: { id: true },
    orderBy: { id: 'asc' },
    take: 500,
  })
  return rows.map(({ id }) => id)
}
