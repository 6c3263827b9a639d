import { z } from 'zod'
import type { Cluster } from './cluster.ts'
import { request } from './request.ts'

/** Asks a cluster whether it answers, and us as who we say we are. @throws AppError cluster_* */
export async function pingCluster(cluster: Cluster): Promise<void> {
  await request(cluster, { method: 'GET', path: '/version' }, z.object({ gitVersion: z.string() }))
}
