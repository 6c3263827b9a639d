import type { Cluster } from '../kube/cluster.ts'
import { proveFences } from '../kube/prove-fences.ts'
import type { SystemContext } from './context.ts'

const provenForMs = 30_000
const proven = new WeakMap<Cluster, number>()
const underWay = new WeakMap<Cluster, Promise<void>>()

/**
 * A policy without its binding allows silently, so the fences are proved by dry runs that they must refuse; a proof
 * counts for half a minute, and many who need one at once share it.
 * @param space the namespace of a space, in which some of them are proved
 * @throws AppError fences_missing
 */
export async function assertFences(ctx: SystemContext, cluster: Cluster, space: string): Promise<void> {
  const now = ctx.clock().getTime()
  if (now - (proven.get(cluster) ?? Number.NEGATIVE_INFINITY) < provenForMs) return
  const shared = underWay.get(cluster)
  if (shared) {
    const holds = await shared.then(
      () => true,
      () => false,
    )
    // One that comes to nothing says nothing of this space: that other one may just be going.
    if (holds) return
  }
  const proof = proveFences(cluster, space)
  underWay.set(cluster, proof)
  try {
    await proof
    proven.set(cluster, now)
  } finally {
    if (underWay.get(cluster) === proof) underWay.delete(cluster)
  }
}
