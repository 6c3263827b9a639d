import type { FenceFault } from '#lib/features/clusters/model/fence-fault.ts'
import type { Db, Tx } from '#lib/kernel/db/client.ts'

/**
 * Stores the faults of a cluster's admission policies; empty: all were proved at that instant. The table's trigger
 * notifies the gateways when faults begin and end.
 */
export async function saveFenceFaults(
  db: Db | Tx,
  cluster: string,
  faults: readonly FenceFault[],
  at: Date,
): Promise<void> {
  const fenceFaults = faults.map(({ policy, fault }) => ({ policy, fault }))
  await db.cluster.update({
    where: { name: cluster },
    data: { fenceFaults, ...(faults.length === 0 && { fencesProvedAt: at }) },
  })
}

/** Stores the rights on a cluster that Spaceport did not grant, one sentence each. */
export async function saveRightsFindings(db: Db | Tx, cluster: string, findings: readonly string[]): Promise<void> {
  await db.cluster.update({ where: { name: cluster }, data: { rightsFindings: [...findings] } })
}
