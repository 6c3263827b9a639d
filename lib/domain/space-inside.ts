import { parseQuantity } from './quantity.ts'

export const workloadStatuses = ['Ready', 'Starting', 'Failed', 'Complete', 'Scaled to zero'] as const
export type WorkloadStatus = (typeof workloadStatuses)[number]

export type Workload = {
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job' | 'Pod'
  name: string
  /** Pods that are ready (of a Job: that have succeeded), out of `desired`. */
  ready: number
  desired: number
  /** Of the first container. */
  image: string
  /** ISO 8601, UTC. */
  createdAt: string
  status: WorkloadStatus
  /** Why no pod of it can be created, as the cluster says; null: nothing does. */
  refusal: string | null
}

export type SpaceEvent = {
  type: 'Normal' | 'Warning'
  reason: string
  message: string
  /** What it is about: `Pod/web-0`. */
  object: string
  count: number
  /** ISO 8601, UTC. */
  lastSeen: string
}

/**
 * One resource of a ResourceQuota. `used` and `hard` are quantities as Kubernetes writes them; `ratio` is used/hard.
 */
export type QuotaUsage = { resource: string; used: string; hard: string; ratio: number }

/** What is in a space, as a member sees it. */
export type SpaceInside = {
  workloads: Workload[]
  events: SpaceEvent[]
  quota: QuotaUsage[]
  blocked: BlockedByQuota | null
}

/** Workloads that wait because the quota is used up, and the resources that ran out. */
export type BlockedByQuota = { workloads: Pick<Workload, 'kind' | 'name'>[]; resources: string[] }

/** The share of an object count from which it is shown. */
const countShownFrom = 0.8

/**
 * @param status a ResourceQuota's `status`: quantities by resource
 * @returns one row per resource with a limit above zero, by name. Object counts guard against floods and are too many
 *   to show: only those that are nearly used up are included
 */
export function quotaUsageOf(status: {
  hard: Readonly<Record<string, string>>
  used: Readonly<Record<string, string>>
}): QuotaUsage[] {
  return Object.entries(status.hard)
    .map(([resource, hard]) => {
      const used = status.used[resource] ?? '0'
      const limit = parseQuantity(hard) ?? 0
      return { resource, used, hard, ratio: limit > 0 ? (parseQuantity(used) ?? 0) / limit : 0 }
    })
    .filter(({ hard }) => (parseQuantity(hard) ?? 0) > 0)
    .filter(({ resource, ratio }) => !resource.startsWith('count/') || ratio >= countShownFrom)
    .sort((a, b) => (a.resource < b.resource ? -1 : 1))
}
