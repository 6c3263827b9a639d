import { setTimeout as delay } from 'node:timers/promises'
import { inUseText } from '#lib/features/spaces/model/use-in-words.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { followCollection } from '#lib/kube/client/follow-collection.ts'
import { listAll } from '#lib/kube/client/list-all.ts'
import { metadataAccept, objectMetadataSchema } from '#lib/kube/client/object-metadata.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import type { AsPerson } from '#lib/kube/client/request.ts'
import { metadataOnly } from '#lib/kube/client/watched-part.ts'
import { readPodUse } from './pod-use.ts'

/** Nearly everything on a space's page changes with these. Each costs one open connection per page. */
const watched = [
  ['v1', 'pods'],
  ['v1', 'events'],
] as const

const polled = [
  ['v1', 'resourcequotas'],
  ['apps/v1', 'deployments'],
  ['apps/v1', 'statefulsets'],
  ['apps/v1', 'daemonsets'],
  ['batch/v1', 'cronjobs'],
  ['batch/v1', 'jobs'],
] as const
const pollMs = 15_000
/** Actual usage is polled less often, because it changes almost every time. */
const pollsPerUse = 4

/** Changes within this time are reported once, ms. */
const gatherMs = 300
/**
 * Controllers update their pod counts a moment after the pods changed, so one more change is reported after this, ms.
 */
const settleMs = 2_000

type Options = { onChange: () => void; clock: () => Date; signal: AbortSignal }

/**
 * Reports changes in a space that are visible to a person: at most every 300 ms, and once more after a quiet moment.
 * Changes without a pod or event follow within 15 seconds, and actual usage within a minute.
 * @returns when the signal is aborted
 * @throws AppError forbidden when the person has lost the right to read it
 */
export async function watchSpaceInside(
  cluster: Cluster,
  { handle, email }: AsPerson,
  namespace: string,
  options: Options,
): Promise<void> {
  const as = { handle, email }
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  const { changed, close } = gather(options.onChange)
  try {
    await Promise.all([
      ...watched.map(([apiVersion, resource]) =>
        follow(cluster, { path: collectionPath(apiVersion, resource, namespace), as, changed, signal }),
      ),
      poll(cluster, { namespace, as, changed: options.onChange, clock: options.clock, signal }),
    ])
  } finally {
    failed.abort()
    close()
  }
}

/** @returns a function to call at each change; the listener is called soon, and again once changes have stopped */
function gather(onChange: () => void): { changed: () => void; close: () => void } {
  let soon: NodeJS.Timeout | undefined
  let settled: NodeJS.Timeout | undefined
  return {
    changed() {
      clearTimeout(settled)
      settled = setTimeout(onChange, settleMs)
      soon ??= setTimeout(() => {
        soon = undefined
        onChange()
      }, gatherMs)
    },
    close() {
      clearTimeout(soon)
      clearTimeout(settled)
    },
  }
}

type FollowOptions = { path: string; as: AsPerson; changed: () => void; signal: AbortSignal }

async function follow(cluster: Cluster, { path, as, changed, signal }: FollowOptions): Promise<void> {
  let started = false
  await followCollection(cluster, {
    part: metadataOnly,
    path,
    as,
    fromStart: false,
    signal,
    onEvent: changed,
    keep: () => undefined,
    onList() {
      // A list that is not the first means that some changes were missed.
      if (started) changed()
      started = true
    },
  })
}

type PollOptions = { namespace: string; as: AsPerson; changed: () => void; clock: () => Date; signal: AbortSignal }

/** A failure is not a change: the watches notice an unreachable cluster and lost rights. */
async function poll(cluster: Cluster, { namespace, as, changed, clock, signal }: PollOptions): Promise<void> {
  let before: string | undefined
  let inUse = ''
  for (let round = 0; !signal.aborted; round++) {
    try {
      if (round % pollsPerUse === 0) inUse = await measuredFingerprint(cluster, namespace, as, clock())
      const now = `${await fingerprint(cluster, namespace, as)} ${inUse}`
      if (before !== undefined && now !== before) changed()
      before = now
    } catch (error) {
      if (!isAppError(error)) throw error
    }
    await delay(pollMs, undefined, { signal }).catch(() => undefined)
  }
}

/** @returns a text that changes when one of the polled objects does; read from the API server's cache */
async function fingerprint(cluster: Cluster, namespace: string, as: AsPerson): Promise<string> {
  const lists = await Promise.all(
    polled.map(([apiVersion, resource]) =>
      listAll(
        cluster,
        {
          path: collectionPath(apiVersion, resource, namespace),
          query: { resourceVersion: '0' },
          accept: metadataAccept('PartialObjectMetadataList'),
          as,
        },
        objectMetadataSchema,
      ),
    ),
  )
  return lists
    .map((items) => items.map(({ metadata }) => `${metadata.uid}@${metadata.resourceVersion}`).join())
    .join(';')
}

/** @returns a text that changes with the actual usage, as precisely as the page shows it */
async function measuredFingerprint(cluster: Cluster, namespace: string, as: AsPerson, now: Date): Promise<string> {
  const found = (await readPodUse(cluster, as, namespace, now)) ?? new Map()
  return [...found].map(([pod, use]) => `${pod} ${inUseText(use)}`).join()
}
