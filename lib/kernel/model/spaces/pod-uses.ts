import { parseQuantity } from './quantity.ts'

type Quantities = Readonly<Record<string, string>>
type Container = {
  requests: Quantities
  limits: Quantities
  /** `Always` on an init container makes it a sidecar. */
  restartPolicy: string
}
export type PodSpec = {
  phase: string
  initContainers: readonly Container[]
  containers: readonly Container[]
  overhead: Quantities
}

/** A pod's share of a quota, by the quota’s names, in base units. An ended pod counts only as an object. */
export type PodUses = Readonly<Record<string, number>>

const measured = ['cpu', 'memory', 'ephemeral-storage'] as const

/**
 * @returns the larger of the sum of a pod's containers and its peak while starting, as a quota counts it
 * (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers)
 */
export function podUses({ phase, initContainers, containers, overhead }: PodSpec): PodUses {
  if (phase === 'Succeeded' || phase === 'Failed') return { 'count/pods': 1 }
  const uses: Record<string, number> = { pods: 1, 'count/pods': 1 }
  for (const what of ['requests', 'limits'] as const) {
    for (const resource of measured) {
      const of = (container: Container) => parseQuantity(container[what][resource] ?? '0') ?? 0
      let [sidecars, start] = [0, 0]
      for (const container of initContainers) {
        start = Math.max(start, sidecars + of(container))
        if (container.restartPolicy === 'Always') sidecars += of(container)
      }
      const together = containers.reduce((sum, container) => sum + of(container), sidecars)
      const most = Math.max(start, together)
      if (most > 0) uses[`${what}.${resource}`] = most + (parseQuantity(overhead[resource] ?? '0') ?? 0)
    }
  }
  return uses
}
