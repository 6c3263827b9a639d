import type { Db, Tx } from '#lib/kernel/db/client.ts'

/** Writes which rights were found on a cluster that Spaceport did not give, one sentence each. */
export async function saveRightsFindings(db: Db | Tx, cluster: string, findings: readonly string[]): Promise<void> {
  await db.cluster.update({ where: { name: cluster }, data: { rightsFindings: [...findings] } })
}
