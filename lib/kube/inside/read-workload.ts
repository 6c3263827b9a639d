import { stringify } from 'yaml'
import { z } from 'zod'
import { workloadPath } from '#lib/features/audit/model/workload-api.ts'
import { hostsOf, ingressSchema, serviceSchema, servicesOf } from '#lib/features/spaces/model/exposure.ts'
import { objectsOf, podAlone } from '#lib/features/spaces/model/place-pods.ts'
import type {
  Manifest,
  UpdateStrategy,
  WorkloadAutoscaler,
  WorkloadDetail,
  WorkloadRef,
} from '#lib/features/spaces/model/workload-view.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listAll } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import { type AsPerson, request } from '#lib/kube/client/request.ts'
import { containerSettings } from './container-settings.ts'
import { groupEvents } from './group-events.ts'
import { listRevisions } from './list-revisions.ts'
import { maskManifest } from './mask-manifest.ts'
import { containerPorts, type PodSpec, podReferences, podSpecSchema } from './pod-references.ts'
import { surveyNamespace } from './read-namespace-inside.ts'
import { readSchedule } from './read-schedule.ts'

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/ */
const autoscalerSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    scaleTargetRef: z.object({ kind: z.string(), name: z.string() }),
    minReplicas: z.number().default(1),
    maxReplicas: z.number(),
  }),
})

function autoscalerOf(
  found: readonly z.infer<typeof autoscalerSchema>[],
  { kind, name }: WorkloadRef,
): WorkloadAutoscaler | null {
  const own = found.find(({ spec: { scaleTargetRef: target } }) => target.kind === kind && target.name === name)
  return own ? { name: own.metadata.name, min: own.spec.minReplicas, max: own.spec.maxReplicas } : null
}

const maxEvents = 50
/** For Services, Ingresses and autoscalers each. */
const maxListed = 500
/** Characters of YAML; no one reads a longer page. */
const maxManifest = 100_000

const labels = z.object({ labels: z.record(z.string(), z.string()).nullish() })
const template = z.object({ metadata: labels.nullish(), spec: podSpecSchema })
const strategy = z.object({ type: z.string().optional() }).nullish()
const objectSchema = z.object({
  metadata: labels.extend({ uid: z.string() }),
  spec: z.object({
    template: template.nullish(),
    jobTemplate: z.object({ spec: z.object({ template }) }).nullish(),
    strategy,
    updateStrategy: strategy,
    volumeClaimTemplates: z.array(z.object({ metadata: z.object({ name: z.string() }) })).nullish(),
  }),
})
type WorkloadObject = z.infer<typeof objectSchema>

/**
 * Reads one workload with its pods, the Services and Ingresses that reach them, and the objects they use, as the
 * viewer, without our own rights.
 * @returns null if there is none
 * @throws AppError forbidden when they may not read it; cluster_*
 */
export async function readWorkload(
  cluster: Cluster,
  { handle, email }: AsPerson,
  place: { namespace: string; withManifest: boolean } & WorkloadRef,
  now: Date,
): Promise<WorkloadDetail | null> {
  const { namespace, kind, name } = place
  const as = { handle, email }
  const list = <T>(version: string, plural: string, item: z.ZodType<T>) =>
    listAll(
      cluster,
      { path: collectionPath(version, plural, namespace), query: { resourceVersion: '0' }, as, max: maxListed },
      item,
    )
  const path = workloadPath(namespace, place)
  const reading = request(cluster, { method: 'GET', path, as }, z.unknown()).catch((error: unknown) => {
    if (isAppError(error, 'not_found')) return null
    throw error
  })
  const [surveyed, object, revisions, schedule, services, ingresses, autoscalers] = await Promise.all([
    surveyNamespace(cluster, as, namespace, now),
    reading,
    reading.then((object) => listRevisions(cluster, as, { namespace, kind }, object)),
    reading.then((object) => readSchedule(cluster, as, namespace, object)),
    list('v1', 'services', serviceSchema),
    list('networking.k8s.io/v1', 'ingresses', ingressSchema),
    list('autoscaling/v2', 'horizontalpodautoscalers', autoscalerSchema),
  ])
  const own = surveyed.workloads.find((one) => one.kind === kind && one.name === name)
  const workload = own ?? (kind === 'Pod' ? podAlone(surveyed.workloads, name) : null)
  const parsed = objectSchema.safeParse(object)
  if (!workload || !parsed.success) return null
  const about = objectsOf(workload)
  const { spec, labels: podLabels } = podsOf(parsed.data, object)
  const exposing = servicesOf(services, podLabels)
  return {
    workload,
    uid: parsed.data.metadata.uid,
    schedule,
    inUse: surveyed.inUse,
    autoscaler: autoscalerOf(autoscalers, place),
    events: groupEvents(surveyed.events.filter((event) => about.has(event.object))).slice(0, maxEvents),
    exposure: { services: exposing, hosts: hostsOf(ingresses, exposing), containerPorts: containerPorts(spec) },
    containers: containerSettings(object),
    uses: podReferences(
      spec,
      (parsed.data.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name),
    ),
    strategy: strategyOf(parsed.data),
    revisions,
    leftOut: surveyed.leftOut,
    manifest: place.withManifest ? renderManifest(object) : null,
  }
}

/** The pod template of a workload; for a pod, the pod itself. */
function podsOf(
  { metadata, spec }: WorkloadObject,
  object: unknown,
): { spec: PodSpec; labels: Record<string, string> } {
  const made = spec.template ?? spec.jobTemplate?.spec.template
  if (made) return { spec: made.spec, labels: made.metadata?.labels ?? {} }
  const own = z.object({ spec: podSpecSchema }).safeParse(object)
  return { spec: own.success ? own.data.spec : {}, labels: metadata.labels ?? {} }
}

function strategyOf({ spec }: WorkloadObject): UpdateStrategy | null {
  const { type } = spec.strategy ?? spec.updateStrategy ?? {}
  return type === 'RollingUpdate' || type === 'Recreate' || type === 'OnDelete' ? type : null
}

function renderManifest(found: unknown): Manifest {
  const { object, masked } = maskManifest(found)
  const text = stringify(object, { lineWidth: 0, aliasDuplicateObjects: false, sortMapEntries: true })
  return { text: text.slice(0, maxManifest), masked, cut: text.length > maxManifest }
}
