import type { AppError } from '#lib/kernel/model/errors.ts'
import { proofNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { ObjectRef } from '#lib/kernel/model/spaces/manifest.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { followCollection } from '#lib/kube/client/follow-collection.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import { metadataOnly } from '#lib/kube/client/watched-part.ts'
import { managedKinds, managedSelector } from './managed-kinds.ts'
import { knownOf, type ManagedSnapshot, type TrackedObject, type TrackedObjects } from './tracked-objects.ts'

export type ManagedEvent = 'added' | 'modified' | 'deleted'

const watchedKinds = [{ apiVersion: 'v1', kind: 'Namespace', resource: 'namespaces' }, ...managedKinds] as const

/**
 * Watches the namespaces of spaces and their labelled objects. A change of status alone (a quota's usage) does not
 * count. Existing objects are not reported: the caller does a full pass. An object that loses Spaceport's label counts
 * as deleted.
 * @param options.since where to continue; by default, existing objects are listed first
 * @param options.onSynced called once, when every later change will be reported
 * @param options.onTrouble a list or watch failed and is retried
 * @returns when the signal is aborted
 */
export async function watchManaged(
  cluster: Cluster,
  options: {
    since?: ManagedSnapshot | undefined
    onChange: (spaceId: string, ref: ObjectRef, event: ManagedEvent) => void
    onSynced: () => void
    onTrouble?: (error: AppError) => void
    signal: AbortSignal
  },
): Promise<void> {
  let waiting: number = watchedKinds.length
  const onListed = () => {
    waiting -= 1
    if (waiting === 0) options.onSynced()
  }
  // If one kind fails permanently, the others must not keep watching after the caller has given up.
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  const work = watchedKinds.map((kind) => watchKind(cluster, kind, { ...options, signal, onListed }))
  try {
    await Promise.all(work)
  } finally {
    failed.abort()
  }
}

async function watchKind(
  cluster: Cluster,
  { apiVersion, kind, resource }: (typeof watchedKinds)[number],
  options: {
    since?: ManagedSnapshot | undefined
    onChange: (spaceId: string, ref: ObjectRef, event: ManagedEvent) => void
    onListed: () => void
    onTrouble?: (error: AppError) => void
    signal: AbortSignal
  },
): Promise<void> {
  const since = options.since?.get(kind)
  let known: TrackedObjects | undefined = since?.known
  if (since) options.onListed()
  const report = ({ spaceId, name, namespace }: TrackedObject, event: ManagedEvent) => {
    const ref = { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) }
    if (spaceId && spaceId !== proofNamespace) options.onChange(spaceId, ref, event)
  }
  /** A changed space-id also affects the former space. */
  const compare = (before: TrackedObject | undefined, now: TrackedObject) => {
    if (!before) return report(now, 'added')
    if (before.fingerprint === now.fingerprint) return
    report(now, 'modified')
    if (before.spaceId !== now.spaceId) report(before, 'modified')
  }
  await followCollection(cluster, {
    part: metadataOnly,
    path: collectionPath(apiVersion, resource),
    query: { labelSelector: managedSelector },
    fromStart: true,
    since: since?.resourceVersion,
    signal: options.signal,
    ...(options.onTrouble && { onTrouble: options.onTrouble }),
    keep: (object) => [object.metadata.uid, knownOf(object)] as const,
    onList(found) {
      const before = known
      const now = new Map(found)
      known = now
      if (!before) return options.onListed()
      for (const [uid, object] of now) compare(before.get(uid), object)
      for (const [uid, object] of before) if (!now.has(uid)) report(object, 'deleted')
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
