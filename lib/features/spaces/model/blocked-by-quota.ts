import { parseQuantity } from '#lib/kernel/model/spaces/quantity.ts'
import { type Size, sizes } from '#lib/kernel/model/spaces/size.ts'
import { sizeSpecs } from '#lib/kernel/model/spaces/size-spec.ts'
import type { BlockedByQuota, PlacedWorkload, QuotaUsage, WorkloadKind } from '#lib/kernel/model/spaces/space-inside.ts'

/** The kinds with a number of replicas. */
const counted: ReadonlySet<WorkloadKind> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
])

/**
 * @param quota the space's current usage
 * @returns the workloads that the quota blocks, the exhausted resources and who uses them; null: none
 */
export function blockedByQuota(
  workloads: readonly PlacedWorkload[],
  quota: readonly QuotaUsage[],
): BlockedByQuota | null {
  const waiting = workloads
    .filter(({ problem }) => problem?.kind === 'quota')
    .map((workload) => ({
      workload,
      waiting: waitingPods(workload),
      asks: requestedIn(workload.problem?.message ?? ''),
    }))
  if (waiting.length === 0) return null
  const names = [...new Set(waiting.flatMap(({ asks }) => [...asks.keys()]))].sort()
  return {
    workloads: waiting.map(({ workload: { kind, name }, waiting: pods }) => ({ kind, name, pods })),
    resources: names.map((resource) => {
      const row = quota.find((one) => one.resource === resource)
      const more = waiting.reduce((sum, one) => sum + (one.asks.get(resource) ?? 0) * (one.waiting ?? 1), 0)
      return {
        resource,
        needed: (parseQuantity(row?.used ?? '0') ?? 0) + more,
        hard: row?.hard ?? null,
        users: usersOf(resource, workloads),
      }
    }),
  }
}

/** @returns the number of missing pods; null: none or unknown, as during a rollout */
function waitingPods({ kind, desired, pods }: PlacedWorkload): number | null {
  if (!counted.has(kind)) return null
  const missing = desired - pods.filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed').length
  return missing > 0 ? missing : null
}

function usersOf(resource: string, workloads: readonly PlacedWorkload[]) {
  return workloads
    .map(({ kind, name, pods }) => {
      const amounts = pods.map(({ uses }) => uses[resource] ?? 0).filter((amount) => amount > 0)
      return { kind, name, pods: amounts.length, amount: amounts.reduce((sum, amount) => sum + amount, 0) }
    })
    .filter(({ amount }) => amount > 0)
    .sort((a, b) => b.amount - a.amount || (a.name < b.name ? -1 : 1))
}

/**
 * @returns the smallest size that fits everything that waits beside what runs, else the largest; null: it is the
 * largest
 */
export function sizeFor({ resources }: Pick<BlockedByQuota, 'resources'>, current: Size): Size | null {
  const larger = sizes.slice(sizes.indexOf(current) + 1)
  const fits = larger.find((size) =>
    resources.every(({ resource, needed }) => {
      const hard = parseQuantity(sizeSpecs[size].quota[resource] ?? '')
      return hard === undefined || needed <= hard
    }),
  )
  return fits ?? larger.at(-1) ?? null
}

/**
 * @param message of the API server's quota admission: "exceeded quota: NAME, requested: pods=1, used: pods=20, limited:
 * pods=20". It names only the resources that would be exceeded
 * @returns what one pod requests of these resources, in base units; empty for other messages
 */
export function requestedIn(message: string): ReadonlyMap<string, number> {
  const requested = /exceeded quota: [^,]+, requested: (.+?), used: /.exec(message)?.[1] ?? ''
  return new Map(
    [...requested.matchAll(/([^=,\s]+)=([^,\s]*)/g)].map(([, resource = '', amount = '']) => [
      resource,
      parseQuantity(amount) ?? 0,
    ]),
  )
}
