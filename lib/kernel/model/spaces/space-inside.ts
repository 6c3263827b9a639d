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

/** What an object is controlled by. */
export type Owner = { kind: string; name: string }

/** `Running` of Jobs; `Scheduled` and `Suspended` of CronJobs, between runs. */
export type WorkloadStatus =
  | 'Ready'
  | 'Starting'
  | 'Running'
  | 'Failed'
  | 'Complete'
  | 'Scaled to zero'
  | 'Scheduled'
  | 'Suspended'

/** A workload as its own object tells of it. */
export type Workload = {
  kind: WorkloadKind
  name: string
  /** Null: nobody’s. */
  owner: Owner | null
  /** Pods that are ready (of a Job: that have succeeded), out of `desired`. Of a CronJob: Jobs that run, out of those. */
  ready: number
  desired: number
  /** Of the first container. */
  image: string
  /** ISO 8601, UTC. */
  createdAt: string
  status: WorkloadStatus
  /** What it says about itself that nothing of its pods explains better. */
  problem: Problem | null
}

/** A pod in a space. */
export type Pod = {
  name: string
  /** Tells it from a later pod of the same name. */
  uid: string
  owner: Owner | null
  /** Of the ReplicaSet that made it, if a Deployment made that (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template-hash-label). */
  templateHash: string | null
  ready: boolean
  phase: string
  restarts: number
  /** Empty: on none yet. */
  node: string
  image: string
  containers: string[]
  /** They run one after the other before the containers do. */
  initContainers: string[]
  createdAt: string
  uses: PodUses
  /** What it says itself; events may say more. */
  problem: Problem | null
}

/** A workload with its pods, and what keeps them from running. */
export type PlacedWorkload = Workload & {
  pods: Pod[]
  /** The worst of its own and its pods’; null: nothing needs anybody. */
  problem: Problem | null
  /** The newest warning about it or its pods. */
  warning: SpaceEvent | null
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

/** Events that differ only in what they are about, or in numbers and generated names. */
export type EventGroup = SpaceEvent & {
  /** How many objects they are about; `object` and `message` are the newest’s. */
  objects: number
}

/**
 * One resource of a ResourceQuota. `used` and `hard` are quantities as Kubernetes writes them; `ratio` is used/hard.
 */
export type QuotaUsage = { resource: string; used: string; hard: string; ratio: number }

/** What is read of a space at most; of workloads for each kind. */
export const maxRead = { workloads: 200, pods: 5_000, events: 5_000 } as const
/** Of what there was more than that: counts may be too low. */
export type LeftOut = readonly (keyof typeof maxRead)[]

/** What is in a space, as a member sees it. */
export type SpaceInside = {
  /** Those with a problem first, then by kind and name. */
  workloads: PlacedWorkload[]
  /** Warnings first, then the newest. */
  events: EventGroup[]
  quota: QuotaUsage[]
  blocked: BlockedByQuota | null
  leftOut: LeftOut
  /** Comes when it comes, and never fails: nothing else waits for it. Null: nobody measures there. */
  inUse: Promise<PodUse | null>
}

/** Workloads that wait because the quota is used up, and the resources that ran out. */
export type BlockedByQuota = {
  /** `pods`: how many wait; null: nobody can tell. */
  workloads: (Pick<Workload, 'kind' | 'name'> & { pods: number | null })[]
  resources: ExhaustedResource[]
}

export type ExhaustedResource = {
  resource: string
  /** For what runs and what waits, in base units. */
  needed: number
  /** A quantity; null: the quota’s usage doesn’t tell. */
  hard: string | null
  /** What takes of it, the most first; empty where it isn’t pods that do. Amounts in base units. */
  users: (Pick<Workload, 'kind' | 'name'> & { pods: number; amount: number })[]
}

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
