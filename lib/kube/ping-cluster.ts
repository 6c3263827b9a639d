import { z } from 'zod'
import type { Cluster } from './cluster.ts'
import { request } from './request.ts'

/** Requests something small that requires the API server's authorization to work. @throws AppError as `request` does */
export async function pingCluster(cluster: Cluster, signal?: AbortSignal): Promise<void> {
  await request(cluster, { method: 'GET', path: '/version', ...(signal && { signal }) }, z.looseObject({}))
}
