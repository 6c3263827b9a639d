import { isAppError } from '#lib/domain/errors.ts'
import { type Recovered, readRecovered } from '#lib/domain/recovered.ts'
import type { Cluster } from '#lib/kube/cluster.ts'
import { readInstallation } from '#lib/kube/read-installation.ts'

/** @returns what a cluster says of its spaces and people; @throws Error in words when it doesn't answer */
export async function readSource(cluster: Cluster): Promise<Recovered & { name: string }> {
  try {
    return { name: cluster.name, ...readRecovered(await readInstallation(cluster)) }
  } catch (error) {
    if (!isAppError(error)) throw error
    throw new Error(`Cluster ${cluster.name} can’t be read: ${error.sentence}`, { cause: error })
  }
}
