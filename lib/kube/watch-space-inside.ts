import type { Cluster } from './cluster.ts'
import { followCollection } from './follow-collection.ts'
import { collectionPath } from './object-path.ts'
import type { AsPerson } from './request.ts'

/** What a space's page shows changes with these. */
const watched = [
  ['v1', 'pods'],
  ['v1', 'events'],
  ['v1', 'resourcequotas'],
  ['apps/v1', 'deployments'],
  ['apps/v1', 'statefulsets'],
  ['batch/v1', 'jobs'],
] as const

/** Changes within this time are told once, ms. */
const gatherMs = 300

/**
 * Tells that something in a space changed, as a person may see it: at most every 300 ms, and after a gap once more.
 * @returns when the signal is aborted
 * @throws AppError forbidden when the person has lost the right to look
 */
export async function watchSpaceInside(
  cluster: Cluster,
  person: AsPerson,
  namespace: string,
  options: { onChange: () => void; signal: AbortSignal },
): Promise<void> {
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  let timer: NodeJS.Timeout | undefined
  const changed = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      options.onChange()
    }, gatherMs)
  }
  const follow = async ([apiVersion, resource]: (typeof watched)[number]) => {
    let started = false
    await followCollection(cluster, {
      path: collectionPath(apiVersion, resource, namespace),
      as: { handle: person.handle, email: person.email },
      fromStart: false,
      signal,
      onEvent: changed,
      onList() {
        // A list that is not the first means that some changes went unseen.
        if (started) changed()
        started = true
      },
    })
  }
  try {
    await Promise.all(watched.map(follow))
  } finally {
    failed.abort()
    clearTimeout(timer)
  }
}
