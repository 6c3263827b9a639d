import { z } from 'zod'
import type { FenceFault } from '#lib/domain/fence-fault.ts'
import type { Db, Tx } from './client.ts'

const faultsSchema = z.array(z.object({ policy: z.string(), fault: z.string() }))

/**
 * @returns what the worker last found wrong with a cluster's admission policies (empty: nothing, or not looked at yet),
 *   and when it last found them all in force
 */
export async function readFenceState(
  db: Db | Tx,
  cluster: string,
): Promise<{ faults: FenceFault[]; provedAt: Date | null }> {
  const { fenceFaults, fencesProvedAt } = await db.cluster.findUniqueOrThrow({
    where: { name: cluster },
    select: { fenceFaults: true, fencesProvedAt: true },
  })
  return { faults: faultsSchema.parse(fenceFaults), provedAt: fencesProvedAt }
}
