import type { Problem } from './pod-problem.ts'
import type { PodUse } from './pod-use.ts'
import type { PodUses } from './pod-uses.ts'
import { parseQuantity } from './quantity.ts'

export const workloadKinds = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'CronJob',
  'Job',
  'Pod',
] as const
export type WorkloadKind = (typeof workloadKinds)[number]

export type Owner = { kind: string; name: string }

/** `Running` is for Jobs; `Scheduled` and `Suspended` are for CronJobs between runs. */
export type WorkloadStatus =
  | 'Ready'
  | 'Starting'
  | 'Running'
  | 'Failed'
  | 'Complete'
  | 'Scaled to zero'
  | 'Scheduled'
  | 'Suspended'

export type Workload = {
  kind: WorkloadKind
  name: string
  /** Null: no controller. */
  owner: Owner | null
  /** Ready pods out of `desired`. For a Job: succeeded pods; for a CronJob: running Jobs, out of all. */
  ready: number
  desired: number
  image: string
  /** ISO 8601, UTC. */
  createdAt: string
  status: WorkloadStatus
  /** The problem that it reports itself, unless its pods explain it better. */
  problem: Problem | null
}

export type Pod = {
  name: string
  /** Distinguishes it from a later pod of the same name. */
  uid: string
  owner: Owner | null
  /**
   * Of its ReplicaSet, if a Deployment created that
   * (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template-hash-label).
   */
  templateHash: string | null
  ready: boolean
  phase: string
  restarts: number
  /** Empty: not scheduled yet. */
  node: string
  image: string
  containers: string[]
  /** Init containers run in sequence before the containers. */
  initContainers: string[]
  createdAt: string
  uses: PodUses
  /** The problem that it reports itself; events may show more. */
  problem: Problem | null
}

export type PlacedWorkload = Workload & {
  pods: Pod[]
  /** The worst of its own and its pods’ problems; null: none. */
  problem: Problem | null
  warning: SpaceEvent | null
}

export type SpaceEvent = {
  type: 'Normal' | 'Warning'
  reason: string
  message: string
  /** The object: `Pod/web-0`. */
  object: string
  count: number
  /** ISO 8601, UTC. */
  lastSeen: string
}

/** Events that differ only in the object, or in numbers and generated names. */
export type EventGroup = SpaceEvent & {
  /** How many objects they are about; `object` and `message` are from the newest. */
  objects: number
}

/** One resource of a ResourceQuota. `used` and `hard` are Kubernetes quantities; `ratio` is used/hard. */
export type QuotaUsage = { resource: string; used: string; hard: string; ratio: number }

/** Limits on what is read of a space; `workloads` is per kind. */
export const maxRead = { workloads: 200, pods: 5_000, events: 5_000 } as const
/** The kinds that exceed the limit: their counts may be too low. */
export type LeftOut = readonly (keyof typeof maxRead)[]

export type SpaceInside = {
  /** Workloads with a problem first, then by kind and name. */
  workloads: PlacedWorkload[]
  /** Warnings first, then the newest. */
  events: EventGroup[]
  quota: QuotaUsage[]
  blocked: BlockedByQuota | null
  leftOut: LeftOut
  /** Resolves late and never fails; nothing else waits for it. Null: nothing measures usage there. */
  inUse: Promise<PodUse | null>
}

/** Workloads that wait because the quota is used up, and the exhausted resources. */
export type BlockedByQuota = {
  /** `pods`: how many wait; null: unknown. */
  workloads: (Pick<Workload, 'kind' | 'name'> & { pods: number | null })[]
  resources: ExhaustedResource[]
}

export type ExhaustedResource = {
  resource: string
  /** For running and waiting pods, in base units. */
  needed: number
  /** A quantity; null: the quota doesn’t report it. */
  hard: string | null
  /** The largest users first, in base units; empty if the users aren't pods. */
  users: (Pick<Workload, 'kind' | 'name'> & { pods: number; amount: number })[]
}

/** An object count is shown from this share on. */
const countShownFrom = 0.8

/**
 * @param status a ResourceQuota's `status`: quantities by resource
 * @returns one row per resource with a limit above zero, by name. Of the many object counts, which guard against
 * floods, only those that are nearly used up
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
