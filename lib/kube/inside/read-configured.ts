import { z } from 'zod'
import type { UsedRef } from '#lib/features/spaces/model/configuration.ts'
import { configurationPath, type OpenKind } from '#lib/features/spaces/model/configuration-kind.ts'
import {
  type ConfiguredObject,
  configuredSchemas,
  type Endpoint,
  endpointSliceSchema,
  endpointsOf,
  type UsingPods,
} from '#lib/features/spaces/model/configured-object.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listUpTo } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import { type AsPerson, maxObjectBytes, request } from '#lib/kube/client/request.ts'
import { podReferences, podSpecSchema } from './pod-references.ts'

/** A slice has at most 100 endpoints by default. */
const maxSlices = 20
const maxPods = 1_000

type Place = { namespace: string; kind: OpenKind; name: string }

/**
 * Reads one object as a person, a Service with its endpoints.
 * @returns null if there is none
 * @throws AppError forbidden, cluster_*
 */
export async function readConfigured(
  cluster: Cluster,
  { handle, email }: AsPerson,
  { namespace, kind, name }: Place,
): Promise<ConfiguredObject | null> {
  const as = { handle, email }
  const path = `${configurationPath(namespace, kind)}/${encodeURIComponent(name)}`
  const schema: z.ZodType<ConfiguredObject> = configuredSchemas[kind]
  const [object, endpoints] = await Promise.all([
    request(cluster, { method: 'GET', path, as, maxAnswerBytes: maxObjectBytes }, schema).catch((error: unknown) => {
      if (isAppError(error, 'not_found')) return null
      throw error
    }),
    kind === 'Service' ? listEndpoints(cluster, as, namespace, name) : [],
  ])
  return object?.kind === 'Service' ? { ...object, endpoints } : object
}

/** @returns none for a name that isn’t a label’s value, as no Service has it */
async function listEndpoints(cluster: Cluster, as: AsPerson, namespace: string, service: string): Promise<Endpoint[]> {
  if (service.length > 63) return []
  const path = collectionPath('discovery.k8s.io/v1', 'endpointslices', namespace)
  const query = { labelSelector: `kubernetes.io/service-name=${service}`, resourceVersion: '0' }
  const bounds = { max: maxSlices, maxLength: Number.POSITIVE_INFINITY }
  const { items } = await listUpTo(cluster, { path, query, as, ...bounds }, endpointSliceSchema)
  return endpointsOf(items)
}

const podSchema = z.object({ metadata: z.object({ name: z.string() }), spec: podSpecSchema })

/**
 * Finds the pods that use a ConfigMap, a Secret or a claim, as a person.
 * @returns by name, of at most 1,000 pods
 * @throws AppError forbidden, cluster_*
 */
export async function listUsingPods(
  cluster: Cluster,
  { handle, email }: AsPerson,
  namespace: string,
  { kind, name }: UsedRef,
): Promise<UsingPods> {
  const path = collectionPath('v1', 'pods', namespace)
  const bounds = { max: maxPods, maxLength: Number.POSITIVE_INFINITY }
  const asked = { path, query: { resourceVersion: '0' }, as: { handle, email }, ...bounds }
  const { items, more } = await listUpTo(cluster, asked, podSchema)
  const pods = items.flatMap(({ metadata, spec }) => {
    const use = podReferences(spec).find((one) => one.kind === kind && one.name === name)
    return use ? [{ name: metadata.name, places: use.places }] : []
  })
  return { pods, more }
}
