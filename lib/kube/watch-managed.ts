import { createHash } from 'node:crypto'
import { labels, proofNamespace } from '#lib/domain/cluster-names.ts'
import type { AppError } from '#lib/domain/errors.ts'
import type { ObjectRef } from '#lib/domain/manifest.ts'
import type { Cluster } from './cluster.ts'
import { followCollection } from './follow-collection.ts'
import { managedKinds, managedSelector } from './managed-kinds.ts'
import type { ObjectMetadata } from './object-metadata.ts'
import { collectionPath } from './object-path.ts'

export type ManagedEvent = 'added' | 'modified' | 'deleted'

const watchedKinds = [{ apiVersion: 'v1', kind: 'Namespace', resource: 'namespaces' }, ...managedKinds] as const

/**
 * Watches what is ours on a cluster: spaces' namespaces and our labelled objects in all of them. A change of status
 * alone (a quota's usage) does not count. Existing objects are not reported: the caller does a full pass. An object
 * that loses our label counts as deleted.
 * @param options.onSynced called once, when every change from then on is reported
 * @param options.onTrouble a list or watch failed and is retried
 * @returns when the signal is aborted
 */
export async function watchManaged(
  cluster: Cluster,
  options: {
    onChange: (spaceId: string, ref: ObjectRef, event: ManagedEvent) => void
    onSynced?: () => void
    onTrouble?: (error: AppError) => void
    signal: AbortSignal
  },
): Promise<void> {
  let waiting: number = watchedKinds.length
  const onListed = () => {
    waiting -= 1
    if (waiting === 0) options.onSynced?.()
  }
  // One kind that fails permanently must not leave the others watching after the caller has given up.
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  const work = watchedKinds.map((kind) => watchKind(cluster, kind, { ...options, signal, onListed }))
  try {
    await Promise.all(work)
  } finally {
    failed.abort()
  }
}

type Known = { spaceId: string; ref: ObjectRef; fingerprint: string }

async function watchKind(
  cluster: Cluster,
  { apiVersion, kind, resource }: (typeof watchedKinds)[number],
  options: {
    onChange: (spaceId: string, ref: ObjectRef, event: ManagedEvent) => void
    onListed: () => void
    onTrouble?: (error: AppError) => void
    signal: AbortSignal
  },
): Promise<void> {
  let known: Map<string, Known> | undefined
  const knownOf = (object: ObjectMetadata): Known => {
    const { name, namespace } = object.metadata
    return {
      spaceId: object.metadata.labels[labels.spaceId] ?? '',
      ref: { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) },
      fingerprint: fingerprintOf(object),
    }
  }
  const report = (found: Known, event: ManagedEvent) => {
    if (found.spaceId && found.spaceId !== proofNamespace) options.onChange(found.spaceId, found.ref, event)
  }
  /** A changed space-id concerns the former space, too. */
  const compare = (before: Known | undefined, now: Known) => {
    if (!before) return report(now, 'added')
    if (before.fingerprint === now.fingerprint) return
    report(now, 'modified')
    if (before.spaceId !== now.spaceId) report(before, 'modified')
  }
  await followCollection(cluster, {
    path: collectionPath(apiVersion, resource),
    query: { labelSelector: managedSelector },
    fromStart: true,
    signal: options.signal,
    ...(options.onTrouble && { onTrouble: options.onTrouble }),
    onList(objects) {
      const before = known
      const now = new Map(objects.map((object) => [object.metadata.uid, knownOf(object)]))
      known = now
      if (!before) return options.onListed()
      for (const [uid, found] of now) compare(before.get(uid), found)
      for (const [uid, found] of before) if (!now.has(uid)) report(found, 'deleted')
    },
    onEvent(type, object) {
      const { uid } = object.metadata
      const before = known?.get(uid)
      const now = knownOf(object)
      if (type === 'DELETED') {
        known?.delete(uid)
        return report(before ?? now, 'deleted')
      }
      known?.set(uid, now)
      compare(before, now)
    },
  })
}

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
  return createHash('sha256').update(text).digest('base64')
}
