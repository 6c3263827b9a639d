import { z } from 'zod'
import { type ContainerState, podProblem } from '#lib/kernel/model/spaces/pod-problem.ts'
import { podUses } from '#lib/kernel/model/spaces/pod-uses.ts'
import { maxRead, type Pod } from '#lib/kernel/model/spaces/space-inside.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listUpTo } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import type { Reader } from '#lib/kube/client/request.ts'
import { ownerOf, ownersSchema } from '#lib/kube/objects/owner-of.ts'

const text = z.string().default('')
const ended = z.object({
  exitCode: z.number().default(0),
  reason: text,
  message: text,
  finishedAt: z.string().nullish(),
})
const state = z.object({ waiting: z.object({ reason: text, message: text }).optional(), terminated: ended.optional() })
const containerStatus = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
  state: state.prefault({}),
  lastState: state.prefault({}),
})
const quantities = z.record(z.string(), z.string()).default({})
const container = z.object({
  name: text,
  image: text,
  restartPolicy: text,
  resources: z.object({ requests: quantities, limits: quantities }).prefault({}),
})
const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: text,
  message: text,
  lastTransitionTime: z.string().nullish(),
})
const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    creationTimestamp: z.string(),
    deletionTimestamp: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    ownerReferences: ownersSchema,
  }),
  spec: z.object({
    nodeName: text,
    initContainers: z.array(container).default([]),
    containers: z.array(container).default([]),
    overhead: quantities,
  }),
  status: z
    .object({
      phase: text,
      reason: text,
      message: text,
      conditions: z.array(condition).default([]),
      initContainerStatuses: z.array(containerStatus).default([]),
      containerStatuses: z.array(containerStatus).default([]),
    })
    .prefault({}),
})

/**
 * Reads as a person.
 * @returns by name, at most 5,000, and whether there are more
 * @throws AppError forbidden, cluster_*
 */
export async function listPods(
  cluster: Cluster,
  as: Reader,
  namespace: string,
  now: Date,
  signal?: AbortSignal,
): Promise<{ items: Pod[]; more: boolean }> {
  const path = collectionPath('v1', 'pods', namespace)
  const bounds = { max: maxRead.pods, maxLength: Number.POSITIVE_INFINITY }
  const asked = { path, query: { resourceVersion: '0' }, as, ...bounds, ...(signal && { signal }) }
  const { items, more } = await listUpTo(cluster, asked, podSchema)
  return { items: items.map((found) => podOf(found, now)), more }
}

function podOf({ metadata, spec, status }: z.infer<typeof podSchema>, now: Date): Pod {
  const containers = [...status.initContainerStatuses.map(containerOf), ...status.containerStatuses.map(containerOf)]
  const scheduled = status.conditions.find(({ type }) => type === 'PodScheduled')
  const readiness = status.conditions.find(({ type }) => type === 'Ready')
  const ready = readiness?.status === 'True'
  return {
    name: metadata.name,
    uid: metadata.uid,
    owner: ownerOf(metadata),
    templateHash: metadata.labels['pod-template-hash'] ?? null,
    ready,
    phase: status.phase,
    restarts: containers.reduce((sum, { restarts }) => sum + restarts, 0),
    node: spec.nodeName,
    image: spec.containers[0]?.image ?? '',
    containers: spec.containers.map(({ name }) => name),
    initContainers: spec.initContainers.map(({ name }) => name),
    createdAt: metadata.creationTimestamp,
    uses: podUses({
      phase: status.phase,
      initContainers: spec.initContainers.map(resourcesOf),
      containers: spec.containers.map(resourcesOf),
      overhead: spec.overhead,
    }),
    problem: podProblem(
      {
        phase: status.phase,
        reason: status.reason,
        message: status.message,
        deletedAt: metadata.deletionTimestamp ?? null,
        unschedulable: scheduled?.reason === 'Unschedulable' ? scheduled.message : null,
        unready: ready
          ? null
          : {
              since: readiness?.lastTransitionTime ?? metadata.creationTimestamp,
              message: readiness?.message ?? '',
            },
        containers,
      },
      now,
    ),
  }
}

const resourcesOf = ({ resources, restartPolicy }: z.infer<typeof container>) => ({ ...resources, restartPolicy })

const containerOf = (one: z.infer<typeof containerStatus>): ContainerState => ({
  name: one.name,
  ready: one.ready,
  restarts: one.restartCount,
  waiting: one.state.waiting ?? null,
  terminated: endedOf(one.state.terminated),
  lastTerminated: endedOf(one.lastState.terminated),
})

const endedOf = (end: z.infer<typeof ended> | undefined) =>
  end ? { ...end, finishedAt: end.finishedAt ?? null } : null
