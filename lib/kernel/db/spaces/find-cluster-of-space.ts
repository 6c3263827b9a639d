import type { Db } from '#lib/kernel/db/client.ts'

/** @returns the name of the cluster that a space is on; null when there is no such space */
export async function findClusterOfSpace(db: Db, spaceId: string): Promise<string | null> {
  const rows = await db.$queryRaw<{ name: string }[]>`/* kept plan: find-cluster-of-space */
    SELECT c.name FROM space s JOIN cluster c ON c.id = s.cluster_id WHERE s.id = ${spaceId}::uuid`
  return rows[0]?.name ?? null
}
