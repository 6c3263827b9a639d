import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { proveFences } from '#lib/kube/fences/prove-fences.ts'

const provenForMs = 30_000
const proven = new WeakMap<Cluster, number>()
const underWay = new WeakMap<Cluster, Promise<void>>()

/**
 * A policy without its binding silently allows everything, so dry runs prove that the fences refuse. A proof counts for
 * half a minute, and concurrent callers share it.
 * @throws AppError fences_missing
 */
export async function assertFences(ctx: SystemContext, cluster: Cluster): Promise<void> {
  const now = ctx.clock().getTime()
  if (now - (proven.get(cluster) ?? Number.NEGATIVE_INFINITY) < provenForMs) return
  let proof = underWay.get(cluster)
  if (!proof) {
    proof = proveFences(cluster).then(() => void proven.set(cluster, now))
    underWay.set(cluster, proof)
    const over = () => void underWay.delete(cluster)
    proof.then(over, over)
  }
  await proof
}
