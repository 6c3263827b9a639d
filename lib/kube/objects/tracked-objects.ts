import { hash } from 'node:crypto'
import { labels } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { ObjectMetadata } from '#lib/kube/client/object-metadata.ts'

/** The small part of an object kept in memory to notice later changes, since there are many. */
export type TrackedObject = { spaceId: string; name: string; namespace: string | undefined; fingerprint: string }

/** By UID. */
export type TrackedObjects = Map<string, TrackedObject>

/** Spaceport's objects on a cluster, per kind as of one moment from which a watch can continue. */
export type ManagedSnapshot = ReadonlyMap<string, { resourceVersion: string; known: TrackedObjects }>

export const knownOf = (object: ObjectMetadata): TrackedObject => ({
  spaceId: object.metadata.labels[labels.spaceId] ?? '',
  name: object.metadata.name,
  namespace: object.metadata.namespace,
  fingerprint: fingerprintOf(object),
})

/**
 * A value that changes with anything but the status: the managed fields record every other write. Anyone who may write
 * an object can clear them, and the API server then keeps none; then every change counts.
 */
function fingerprintOf({ metadata }: ObjectMetadata): string {
  if (metadata.managedFields.length === 0) return metadata.resourceVersion
  const writes = metadata.managedFields
    .filter(({ subresource }) => subresource === '')
    .map(({ manager, operation, time, fieldsV1 }) => [manager, operation, time, fieldsV1])
  const text = JSON.stringify([metadata.labels, metadata.annotations, metadata.deletionTimestamp, writes])
  return hash('sha256', text, 'base64')
}
