import type { Cluster } from '../kube/cluster.ts'
import { proveFences } from '../kube/prove-fences.ts'
import type { SystemContext } from './context.ts'

const provenForMs = 30_000
const proven = new WeakMap<Cluster, number>()

/**
 * A policy without its binding allows silently, so the fences are proved by dry runs that they must refuse; a proof
 * counts for half a minute.
 * @throws AppError fences_missing
 */
export async function assertFences(ctx: SystemContext, cluster: Cluster): Promise<void> {
  const now = ctx.clock().getTime()
  if (now - (proven.get(cluster) ?? Number.NEGATIVE_INFINITY) < provenForMs) return
  await proveFences(cluster)
  proven.set(cluster, now)
}
