import type { Cluster } from '../kube/cluster.ts'
import { proveFences } from '../kube/prove-fences.ts'
import type { SystemContext } from './context.ts'

const provenForMs = 30_000
const proven = new WeakMap<Cluster, number>()

/**
 * A policy without its binding allows silently, so the fences are proved by dry runs that they must refuse; a proof
 * counts for half a minute.
 * @param space the namespace of a space, in which some of them are proved
 * @throws AppError fences_missing
 */
export async function assertFences(ctx: SystemContext, cluster: Cluster, space: string): Promise<void> {
  const now = ctx.clock().getTime()
  if (now - (proven.get(cluster) ?? Number.NEGATIVE_INFINITY) < provenForMs) return
  await proveFences(cluster, space)
  proven.set(cluster, now)
}
