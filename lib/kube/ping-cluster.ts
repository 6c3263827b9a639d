import { z } from 'zod'
import type { Cluster } from './cluster.ts'
import { request } from './request.ts'

/** Asks the API server for something small that needs its authorization to work. @throws AppError as `request` does */
export async function pingCluster(cluster: Cluster, signal?: AbortSignal): Promise<void> {
  await request(cluster, { method: 'GET', path: '/version', ...(signal && { signal }) }, z.looseObject({}))
}
