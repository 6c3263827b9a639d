import type { Db } from '#lib/kernel/db/client.ts'

/** @returns the ids of a cluster’s spaces that are being deleted */
export async function selectDeletingSpaces(db: Db, cluster: string): Promise<Set<string>> {
  const where = { status: 'deleting' as const, cluster: { name: cluster } }
  return new Set((await db.space.findMany({ where, select: { id: true } })).map(({ id }) => id))
}
