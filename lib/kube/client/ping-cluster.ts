import { z } from 'zod'
import { parseKubernetesVersion } from '#lib/features/clusters/model/kubernetes-version.ts'
import type { Cluster } from './cluster.ts'
import { request } from './request.ts'

const answer = z.looseObject({ gitVersion: z.string().transform(parseKubernetesVersion).optional().catch(undefined) })

/**
 * Sends a small request that needs the API server's authorization to work.
 * @returns its version, if known
 * @throws AppError as `request` does
 */
export async function pingCluster(cluster: Cluster, signal?: AbortSignal): Promise<string | undefined> {
  const asked = { method: 'GET', path: '/version', ...(signal && { signal }) } as const
  return (await request(cluster, asked, answer)).gitVersion
}
