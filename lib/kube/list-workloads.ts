import { z } from 'zod'
import type { Workload, WorkloadStatus } from '#lib/domain/space-inside.ts'
import type { Cluster } from './cluster.ts'
import { listAll } from './list-all.ts'
import { collectionPath } from './object-path.ts'
import type { AsPerson } from './request.ts'

/** No page shows more of one kind. */
const maxPerKind = 200

const count = z.number().default(0)
const containers = z.array(z.object({ image: z.string().default('') })).default([])
const conditions = z
  .array(
    z.object({ type: z.string(), status: z.string(), reason: z.string().default(''), message: z.string().default('') }),
  )
  .default([])
type Conditions = z.infer<typeof conditions>

const workloadSchema = z.object({
  metadata: z.object({
    name: z.string(),
    creationTimestamp: z.string(),
    ownerReferences: z.array(z.object({ controller: z.boolean().default(false) })).default([]),
  }),
  spec: z.object({
    replicas: z.number().default(1),
    completions: z.number().default(1),
    template: z.object({ spec: z.object({ containers }) }).optional(),
    containers,
  }),
  status: z
    .object({
      readyReplicas: count,
      numberReady: count,
      desiredNumberScheduled: count,
      succeeded: count,
      phase: z.string().default(''),
      conditions,
    })
    .prefault({}),
})
type Found = z.infer<typeof workloadSchema>

type Kind = Workload['kind']
type State = { ready: number; desired: number; failed: boolean; complete?: boolean; refusal?: string | undefined }

const isTrue = (all: Conditions, type: string) => all.some((c) => c.type === type && c.status === 'True')
const isStuck = (all: Conditions) =>
  isTrue(all, 'ReplicaFailure') || all.some((c) => c.type === 'Progressing' && c.reason === 'ProgressDeadlineExceeded')

const kinds: readonly { kind: Kind; apiVersion: string; resource: string; stateOf: (found: Found) => State }[] = [
  {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    resource: 'deployments',
    stateOf: ({ spec, status }) => ({
      ready: status.readyReplicas,
      desired: spec.replicas,
      failed: isStuck(status.conditions),
      refusal: status.conditions.find((c) => c.type === 'ReplicaFailure' && c.status === 'True')?.message,
    }),
  },
  {
    kind: 'StatefulSet',
    apiVersion: 'apps/v1',
    resource: 'statefulsets',
    stateOf: ({ spec, status }) => ({ ready: status.readyReplicas, desired: spec.replicas, failed: false }),
  },
  {
    kind: 'DaemonSet',
    apiVersion: 'apps/v1',
    resource: 'daemonsets',
    stateOf: ({ status }) => ({ ready: status.numberReady, desired: status.desiredNumberScheduled, failed: false }),
  },
  {
    kind: 'Job',
    apiVersion: 'batch/v1',
    resource: 'jobs',
    stateOf: ({ spec, status }) => ({
      ready: status.succeeded,
      desired: spec.completions,
      failed: isTrue(status.conditions, 'Failed'),
      complete: isTrue(status.conditions, 'Complete'),
    }),
  },
  {
    kind: 'Pod',
    apiVersion: 'v1',
    resource: 'pods',
    stateOf: ({ status }) => ({
      ready: isTrue(status.conditions, 'Ready') ? 1 : 0,
      desired: 1,
      failed: status.phase === 'Failed',
      complete: status.phase === 'Succeeded',
    }),
  },
]

/**
 * Lists what runs in a space, read as a person: workloads, and pods that belong to none.
 * @returns sorted by kind and name, at most 200 of a kind
 */
export async function listWorkloads(cluster: Cluster, as: AsPerson, namespace: string): Promise<Workload[]> {
  const lists = await Promise.all(
    kinds.map(async ({ kind, apiVersion, resource, stateOf }) => {
      const found = await listAll(
        cluster,
        {
          path: collectionPath(apiVersion, resource, namespace),
          query: { resourceVersion: '0' },
          as,
          max: 2 * maxPerKind,
        },
        workloadSchema,
      )
      return found
        .filter((item) => kind !== 'Pod' || !item.metadata.ownerReferences.some(({ controller }) => controller))
        .slice(0, maxPerKind)
        .map((item) => workloadOf(kind, item, stateOf(item)))
    }),
  )
  return lists.flat()
}

function workloadOf(kind: Kind, { metadata, spec }: Found, state: State): Workload {
  const [container] = spec.template?.spec.containers ?? spec.containers
  return {
    kind,
    name: metadata.name,
    ready: state.ready,
    desired: state.desired,
    image: container?.image ?? '',
    createdAt: metadata.creationTimestamp,
    status: statusOf(state),
    refusal: state.refusal?.slice(0, 1_000) ?? null,
  }
}

function statusOf({ ready, desired, failed, complete }: State): WorkloadStatus {
  if (complete) return 'Complete'
  if (failed) return 'Failed'
  if (desired === 0) return 'Scaled to zero'
  return ready >= desired ? 'Ready' : 'Starting'
}
