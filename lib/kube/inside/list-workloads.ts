import { z } from 'zod'
import { workloadApi } from '#lib/features/audit/model/workload-api.ts'
import { type Problem, problemOf } from '#lib/kernel/model/spaces/pod-problem.ts'
import {
  maxRead,
  type Workload,
  type WorkloadKind,
  type WorkloadStatus,
} from '#lib/kernel/model/spaces/space-inside.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listUpTo } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import type { Reader } from '#lib/kube/client/request.ts'
import { ownerOf, ownersSchema } from '#lib/kube/objects/owner-of.ts'

const count = z.number().default(0)
const containers = z.array(z.object({ image: z.string().default('') })).default([])
const podTemplate = z.object({ spec: z.object({ containers }) })
const conditions = z
  .array(
    z.object({
      type: z.string(),
      status: z.string(),
      reason: z.string().default(''),
      message: z.string().default(''),
      lastTransitionTime: z.string().default(''),
    }),
  )
  .default([])
type Conditions = z.infer<typeof conditions>

export const workloadSchema = z.object({
  metadata: z.object({ name: z.string(), creationTimestamp: z.string(), ownerReferences: ownersSchema }),
  spec: z.object({
    replicas: z.number().default(1),
    completions: z.number().default(1),
    suspend: z.boolean().default(false),
    template: podTemplate.optional(),
    jobTemplate: z.object({ spec: z.object({ template: podTemplate.optional() }) }).optional(),
  }),
  status: z
    .object({
      readyReplicas: count,
      numberReady: count,
      desiredNumberScheduled: count,
      succeeded: count,
      /** Pods of a Job, or Jobs of a CronJob. */
      active: z.union([z.number(), z.array(z.unknown()).transform((jobs) => jobs.length)]).default(0),
      conditions,
    })
    .prefault({}),
})
type WorkloadObject = z.infer<typeof workloadSchema>

type State = Pick<Workload, 'ready' | 'desired' | 'status' | 'problem'>

const conditionOf = (all: Conditions, type: string) => all.find((c) => c.type === type && c.status === 'True')

function replicated({ spec, status }: WorkloadObject): State {
  const { readyReplicas: ready } = status
  return { ready, desired: spec.replicas, status: statusOf(ready, spec.replicas), problem: refusedOrLate(status) }
}

function refusedOrLate({ conditions: all }: WorkloadObject['status']): Problem | null {
  const refusal = conditionOf(all, 'ReplicaFailure')
  if (refusal) return problemOf('refused', refusal.message)
  const late = all.find(({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded')
  return late ? problemOf('missed-deadline', late.message) : null
}

function daemons({ status: { numberReady: ready, desiredNumberScheduled: desired } }: WorkloadObject): State {
  return { ready, desired, status: statusOf(ready, desired), problem: null }
}

export function stateOfJob({ spec, status }: Pick<WorkloadObject, 'spec' | 'status'>): State {
  const failed = conditionOf(status.conditions, 'Failed')
  const kind = failed?.reason === 'DeadlineExceeded' ? 'missed-deadline' : 'failed'
  return {
    ready: status.succeeded,
    desired: spec.completions,
    status: jobStatus(spec.suspend, status, failed !== undefined),
    problem: failed ? problemOf(kind, failed.message) : null,
  }
}

function jobStatus(suspended: boolean, status: WorkloadObject['status'], failed: boolean): WorkloadStatus {
  if (conditionOf(status.conditions, 'Complete')) return 'Complete'
  if (failed) return 'Failed'
  if (suspended) return 'Suspended'
  return status.active > 0 ? 'Running' : 'Starting'
}

function cronJob({ spec, status: { active } }: WorkloadObject): State {
  const status = active > 0 ? 'Running' : spec.suspend ? 'Suspended' : 'Scheduled'
  return { ready: active, desired: active, status, problem: null }
}

type Kind = {
  kind: Exclude<WorkloadKind, 'Pod'>
  stateOf: (found: WorkloadObject) => State
  query?: Readonly<Record<string, string>>
}

const kinds: readonly Kind[] = [
  { kind: 'Deployment', stateOf: replicated },
  { kind: 'StatefulSet', stateOf: replicated },
  { kind: 'DaemonSet', stateOf: daemons },
  // ReplicaSets of Deployments have this label; there are ten of them per Deployment.
  { kind: 'ReplicaSet', stateOf: replicated, query: { labelSelector: '!pod-template-hash' } },
  { kind: 'ReplicationController', stateOf: replicated },
  { kind: 'CronJob', stateOf: cronJob },
  { kind: 'Job', stateOf: stateOfJob },
]

/**
 * Reads as a person.
 * @returns by kind, at most 200 of each, and whether there are more; without pods (list-pods.ts)
 * @throws AppError forbidden, cluster_*
 */
export async function listWorkloads(
  cluster: Cluster,
  as: Reader,
  namespace: string,
  signal?: AbortSignal,
): Promise<{ items: Workload[]; more: boolean }> {
  const lists = await Promise.all(
    kinds.map(async ({ kind, stateOf, query }) => {
      const { apiVersion, resource } = workloadApi(kind)
      const path = collectionPath(apiVersion, resource, namespace)
      const bounds = { max: maxRead.workloads, maxLength: Number.POSITIVE_INFINITY }
      const asked = { path, query: { resourceVersion: '0', ...query }, as, ...bounds, ...(signal && { signal }) }
      const { items, more } = await listUpTo(cluster, asked, workloadSchema)
      return { items: items.map((found) => workloadOf(kind, found, stateOf(found))), more }
    }),
  )
  return { items: lists.flatMap(({ items }) => items), more: lists.some(({ more }) => more) }
}

function workloadOf(kind: Workload['kind'], { metadata, spec }: WorkloadObject, state: State): Workload {
  const template = spec.template ?? spec.jobTemplate?.spec.template
  return {
    kind,
    name: metadata.name,
    owner: ownerOf(metadata),
    image: template?.spec.containers[0]?.image ?? '',
    createdAt: metadata.creationTimestamp,
    ...state,
  }
}

function statusOf(ready: number, desired: number): WorkloadStatus {
  if (desired === 0) return 'Scaled to zero'
  return ready >= desired ? 'Ready' : 'Starting'
}
