import type { FenceFault } from '#lib/domain/fence-fault.ts'
import type { Db, Tx } from './client.ts'

/**
 * Writes what was found wrong with a cluster's admission policies; empty: they were all proved at that instant. Gateways
 * are told by the table's trigger when it begins and when it ends.
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
