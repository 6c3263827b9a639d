import { z } from 'zod'
import type { FenceFault } from '#lib/domain/fence-fault.ts'
import type { Db, Tx } from './client.ts'

const faultsSchema = z.array(z.object({ policy: z.string(), fault: z.string() }))

/**
 * @returns the faults that the worker last found in a cluster's admission policies (empty: none, or not checked yet),
 *   and when it last proved them all in force
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
