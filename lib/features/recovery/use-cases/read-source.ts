import { type Recovered, readRecovered } from '#lib/features/recovery/model/recovered.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { readInstallation } from '#lib/kube/client/read-installation.ts'

/**
 * @returns a cluster's data about its spaces and people
 * @throws Error in words if it doesn't answer
 */
export async function readSource(cluster: Cluster): Promise<Recovered & { name: string }> {
  try {
    return { name: cluster.name, ...readRecovered(await readInstallation(cluster)) }
  } catch (error) {
    if (!isAppError(error)) throw error
    throw new Error(`Cluster ${cluster.name} can’t be read: ${error.sentence}`, { cause: error })
  }
}
