import { setTimeout as delay } from 'node:timers/promises'
import { type AppError, isAppError } from '#lib/kernel/model/errors.ts'
import type { Cluster } from './cluster.ts'
import { readPages } from './list-all.ts'
import { openWatch } from './open-watch.ts'
import type { Reader } from './request.ts'
import type { Versioned, WatchedPart } from './watched-part.ts'

export type FollowOptions<T extends Versioned, Kept> = {
  path: string
  part: WatchedPart<T>
  query?: Readonly<Record<string, string>>
  as?: Reader
  /** False: existing objects are not read; only later events count. */
  fromStart: boolean
  /** The version up to which the caller knows the collection: it is not listed at first. */
  since?: string | undefined
  signal: AbortSignal
  /** Receives the whole collection at the start, and again when the API server can no longer tell what was missed. */
  onList: (objects: Kept[]) => void
  /**
   * @returns what to keep of an object for `onList`, because whole objects of a large collection fill the memory;
   * undefined: nothing
   */
  keep: (object: T) => Kept | undefined
  onEvent: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: T) => void
  /** The collection was as reported until now: after each list, event and bookmark, and when a watch begins. */
  onContact?: () => void
  /** Retried after a pause. */
  onTrouble?: (error: AppError) => void
}

const minPauseMs = 250
const maxPauseMs = 10_000

/**
 * Follows a collection until the signal is aborted: lists it, then watches it with bookmarks. Lists again
 * only when the API server has forgotten where a stream stopped (410).
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes)
 * @throws AppError forbidden when the reader in `as` lacks the right
 */
export async function followCollection<T extends Versioned, Kept>(
  cluster: Cluster,
  followed: FollowOptions<T, Kept>,
): Promise<void> {
  let resourceVersion = followed.since
  let pauseMs = minPauseMs
  while (!followed.signal.aborted) {
    try {
      if (resourceVersion === undefined) {
        const list = await listParts(cluster, followed)
        resourceVersion = list.resourceVersion
        followed.onList(list.objects)
        followed.onContact?.()
      }
      for await (const event of openWatch(cluster, { ...followed, resourceVersion })) {
        resourceVersion = event.object.metadata.resourceVersion
        pauseMs = minPauseMs
        if (event.type !== 'BOOKMARK') followed.onEvent(event.type, event.object)
        followed.onContact?.()
      }
    } catch (error) {
      if (followed.signal.aborted) return
      if (!isAppError(error)) throw error
      if (isAppError(error, 'forbidden')) throw error
      const wasListing = resourceVersion === undefined
      if (isExpired(error)) resourceVersion = undefined
      if (isExpired(error) && !wasListing) continue
      followed.onTrouble?.(error)
      await pause(pauseMs * (0.5 + Math.random()), followed.signal)
      pauseMs = Math.min(pauseMs * 2, maxPauseMs)
    }
  }
}

const isExpired = (error: AppError) => 'httpStatus' in error && error.httpStatus === 410

const pause = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(() => undefined)

async function listParts<T extends Versioned, Kept>(
  cluster: Cluster,
  { path, part, query, as, fromStart, signal, keep }: FollowOptions<T, Kept>,
): Promise<{ resourceVersion: string; objects: Kept[] }> {
  const objects: Kept[] = []
  const asked = {
    ...{ path, accept: part.accept('list'), signal },
    ...(query && { query }),
    ...(as && { as }),
    ...(!fromStart && { max: 1 }),
  }
  let resourceVersion = ''
  for await (const page of readPages(cluster, asked, part.schema)) {
    resourceVersion = page.resourceVersion
    if (!fromStart) break
    for (const item of page.items) {
      const kept = keep(item)
      if (kept !== undefined) objects.push(kept)
    }
  }
  return { resourceVersion, objects }
}
