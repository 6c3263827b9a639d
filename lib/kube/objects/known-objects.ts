import { hash } from 'node:crypto'
import { labels } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { ObjectMetadata } from '#lib/kube/client/object-metadata.ts'

/** What is remembered of an object, to tell later whether it was changed: a small part of it, since there are many. */
export type KnownObject = { spaceId: string; name: string; namespace: string | undefined; fingerprint: string }

/** By UID. */
export type KnownObjects = Map<string, KnownObject>

/** What is ours on a cluster as of one moment for each kind: a watch can continue from there. */
export type ManagedSnapshot = ReadonlyMap<string, { resourceVersion: string; known: KnownObjects }>

export const knownOf = (object: ObjectMetadata): KnownObject => ({
  spaceId: object.metadata.labels[labels.spaceId] ?? '',
  name: object.metadata.name,
  namespace: object.metadata.namespace,
  fingerprint: fingerprintOf(object),
})

/**
 * A value that changes when anything but the status changes: the managed fields record every other write. Anybody who
 * may write an object can clear them, and the API server then keeps none: for such an object every change counts.
 */
function fingerprintOf({ metadata }: ObjectMetadata): string {
  if (metadata.managedFields.length === 0) return metadata.resourceVersion
  const writes = metadata.managedFields
    .filter(({ subresource }) => subresource === '')
    .map(({ manager, operation, time, fieldsV1 }) => [manager, operation, time, fieldsV1])
  const text = JSON.stringify([metadata.labels, metadata.annotations, metadata.deletionTimestamp, writes])
  return hash('sha256', text, 'base64')
}
