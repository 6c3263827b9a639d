import { z } from 'zod'
import { type SpaceObject, spaceObjectSchema } from '#lib/features/gitops/model/parse-space-object.ts'
import type { SpaceObjectStatus } from '#lib/features/gitops/model/space-object-status.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { fieldManager } from '#lib/kernel/model/spaces/cluster-names.ts'
import { spaceFinalizer, spaceObjectVersion } from '#lib/kernel/model/spaces/space-object.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { objectPath } from '#lib/kube/client/object-path.ts'
import { request } from '#lib/kube/client/request.ts'
import { findNamespace } from './find-namespace.ts'

type Key = { namespace: string; name: string }
type ObjectIdentity = SpaceObject['metadata']

const refOf = ({ namespace, name }: Key) => ({ apiVersion: spaceObjectVersion, kind: 'Space', namespace, name })

/** @throws AppError cluster_* */
export async function findSpaceObject(cluster: Cluster, key: Key): Promise<SpaceObject | undefined> {
  try {
    return await request(cluster, { method: 'GET', path: objectPath(refOf(key)) }, spaceObjectSchema)
  } catch (error) {
    if (isAppError(error, 'not_found')) return undefined
    throw error
  }
}

/**
 * Applies Spaceport's fields of an object by server-side apply, under its own field manager; other fields stay. The UID
 * protects another object with the same name.
 */
const apply = (cluster: Cluster, { namespace, name, uid }: ObjectIdentity, ours: object, subresource = '') =>
  request(
    cluster,
    {
      method: 'PATCH',
      path: `${objectPath(refOf({ namespace, name }))}${subresource}`,
      query: { fieldManager, force: 'true' },
      contentType: 'application/apply-patch+yaml',
      body: {
        apiVersion: spaceObjectVersion,
        kind: 'Space',
        ...ours,
        metadata: { name, namespace, uid, ...metadataOf(ours) },
      },
    },
    z.unknown(),
  )
const metadataOf = (ours: object): object =>
  'metadata' in ours && typeof ours.metadata === 'object' ? (ours.metadata ?? {}) : {}

/** @throws AppError not_found, cluster_conflict when the object is another one; cluster_* */
export async function applySpaceObjectStatus(
  cluster: Cluster,
  held: ObjectIdentity,
  status: SpaceObjectStatus,
): Promise<void> {
  await apply(cluster, held, { status }, '/status')
}

/**
 * Adds the finalizer, so that an object cannot vanish before its deletion is handled.
 * @throws AppError cluster_*
 */
export async function keepSpaceObject(cluster: Cluster, held: ObjectIdentity): Promise<void> {
  await apply(cluster, held, { metadata: { finalizers: [spaceFinalizer] } })
}

/**
 * Removes the finalizer, so that an object can vanish.
 * @throws AppError cluster_*
 */
export async function letSpaceObjectGo(cluster: Cluster, held: ObjectIdentity): Promise<void> {
  await apply(cluster, held, {})
}

const definitionSchema = z.object({ metadata: z.object({ deletionTimestamp: z.string().optional() }) })

/**
 * @returns why all objects of a namespace are being deleted, or null if each was deleted on its own
 * @throws AppError cluster_*
 */
export async function findWholesaleDeletion(cluster: Cluster, namespace: string): Promise<string | null> {
  const definition = objectPath({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    name: 'spaces.spaceport.dev',
  })
  const [found, { metadata }] = await Promise.all([
    findNamespace(cluster, namespace),
    request(cluster, { method: 'GET', path: definition }, definitionSchema),
  ])
  if (found === undefined || found.terminating) return 'its namespace is being deleted'
  return metadata.deletionTimestamp === undefined ? null : 'the definition of these objects is being deleted'
}
