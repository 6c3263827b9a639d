import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { type AppError, isAppError } from '#lib/kernel/model/errors.ts'
import type { Cluster } from './cluster.ts'
import { metadataAccept, type ObjectMetadata, objectMetadataSchema } from './object-metadata.ts'
import { openWatch } from './open-watch.ts'
import { type AsPerson, request } from './request.ts'

export type FollowOptions<Kept> = {
  path: string
  query?: Readonly<Record<string, string>>
  as?: AsPerson
  /** False: existing objects are not read; only later events count. */
  fromStart: boolean
  /** The version up to which the caller knows the collection: it is not listed at first. */
  since?: string | undefined
  signal: AbortSignal
  /** Receives the whole collection at the start, and again when the API server can no longer tell what was missed. */
  onList: (objects: Kept[]) => void
  /** @returns the part of an object to keep for `onList`: whole objects of a large collection fill the memory */
  keep: (object: ObjectMetadata) => Kept
  onEvent: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: ObjectMetadata) => void
  /** Retried after a pause. */
  onTrouble?: (error: AppError) => void
}

const minPauseMs = 250
const maxPauseMs = 10_000

/**
 * Follows a collection's metadata until the signal is aborted: lists it, then watches it with bookmarks. Lists again
 * only when the API server has forgotten where a stream stopped (410).
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes)
 * @throws AppError forbidden when the person in `as` has lost the right
 */
export async function followCollection<Kept>(cluster: Cluster, followed: FollowOptions<Kept>): Promise<void> {
  let resourceVersion = followed.since
  let pauseMs = minPauseMs
  while (!followed.signal.aborted) {
    try {
      if (resourceVersion === undefined) {
        const list = await listMetadata(cluster, followed)
        resourceVersion = list.resourceVersion
        followed.onList(list.objects)
      }
      for await (const event of openWatch(cluster, { ...followed, resourceVersion })) {
        resourceVersion = event.object.metadata.resourceVersion
        pauseMs = minPauseMs
        if (event.type !== 'BOOKMARK') followed.onEvent(event.type, event.object)
      }
    } catch (error) {
      if (followed.signal.aborted) return
      if (!isAppError(error)) throw error
      if (isAppError(error, 'forbidden')) throw error
      if (isExpired(error)) {
        resourceVersion = undefined
        continue
      }
      followed.onTrouble?.(error)
      await pause(pauseMs * (0.5 + Math.random()), followed.signal)
      pauseMs = Math.min(pauseMs * 2, maxPauseMs)
    }
  }
}

const isExpired = (error: AppError) => 'httpStatus' in error && error.httpStatus === 410

const pause = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(() => undefined)

const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(objectMetadataSchema).nullable(),
})

async function listMetadata<Kept>(
  cluster: Cluster,
  { path, query, as, fromStart, signal, keep }: FollowOptions<Kept>,
): Promise<{ resourceVersion: string; objects: Kept[] }> {
  const objects: Kept[] = []
  for (let token = ''; ; ) {
    const page = await request(
      cluster,
      {
        method: 'GET',
        path,
        query: { ...query, limit: fromStart ? '1000' : '1', ...(token && { continue: token }) },
        accept: metadataAccept('PartialObjectMetadataList'),
        signal,
        ...(as && { as }),
      },
      listSchema,
    )
    if (fromStart) for (const item of page.items ?? []) objects.push(keep(item))
    token = page.metadata.continue ?? ''
    if (!token || !fromStart) return { resourceVersion: page.metadata.resourceVersion, objects }
  }
}
