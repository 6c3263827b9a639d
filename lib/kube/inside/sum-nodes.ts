import { z } from 'zod'
import { addNode, type NodeSums, noNodes } from '#lib/features/clusters/model/node-sums.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { readPages } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'

/** More than Kubernetes supports. */
const maxNodes = 50_000
const patienceMs = 120_000

/** An invalid field of a node affects only that node: it counts as missing. */
const node = z
  .object({
    spec: z
      .object({
        unschedulable: z.boolean().catch(false),
        taints: z.array(z.object({ effect: z.string() })).catch([]),
      })
      .catch({ unschedulable: false, taints: [] }),
    status: z
      .object({
        allocatable: z.record(z.string(), z.unknown()).catch({}),
        conditions: z.array(z.object({ type: z.string(), status: z.string() })).catch([]),
      })
      .catch({ allocatable: {}, conditions: [] }),
  })
  .transform(({ spec, status }) => ({
    allocatable: status.allocatable,
    ready: status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
    cordoned: spec.unschedulable,
    tainted: spec.taints.some(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute'),
  }))

/**
 * Sums up the capacity for pods of a cluster's nodes, with one page in memory.
 * @throws AppError as `request` does
 */
export async function sumNodes(cluster: Cluster): Promise<NodeSums> {
  const signal = AbortSignal.timeout(patienceMs)
  let sums = noNodes
  for await (const page of readPages(cluster, { path: collectionPath('v1', 'nodes'), signal }, node)) {
    for (const found of page.items) sums = addNode(sums, found)
    if (sums.nodes >= maxNodes && page.more) return { ...sums, more: true }
  }
  return sums
}
