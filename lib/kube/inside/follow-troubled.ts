import { z } from 'zod'
import { type AppError, isAppError } from '#lib/kernel/model/errors.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { followCollection } from '#lib/kube/client/follow-collection.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import { partOf } from '#lib/kube/client/watched-part.ts'

const metadata = z.object({
  namespace: z.string().default(''),
  uid: z.string().default(''),
  resourceVersion: z.string(),
  deletionTimestamp: z.string().optional(),
})
const condition = z.object({ type: z.string(), status: z.string() })
const podSchema = z.object({
  metadata,
  status: z.object({ phase: z.string().default(''), conditions: z.array(condition).default([]) }).prefault({}),
})
type Pod = z.infer<typeof podSchema>
const eventSchema = z.object({ metadata })

/**
 * How long a workload counts as troubled after it could create no pod. Controllers retry ever less often, at most every
 * 1,000 seconds (https://github.com/kubernetes/client-go/blob/master/util/workqueue/default_rate_limiters.go).
 */
const refusalMs = 1_200_000

/** Bookmarks come about once a minute (https://kubernetes.io/docs/reference/using-api/api-concepts/#watch-bookmarks). */
const silenceMs = 90_000

export type TroubledNamespaces = {
  /** @returns the namespaces with something that may be a problem, at an instant in ms */
  list(now: number): string[]
  /** @returns whether everything has been read once */
  isComplete(): boolean
  /** @returns whether pods were as reported at an instant in ms, or shortly before */
  isCurrent(now: number): boolean
}

type Options = {
  now: () => number
  /** Something that may be a problem appeared, changed or disappeared there. */
  onChange: (namespace: string) => void
  /** A list or watch failed and is retried. */
  onTrouble: (error: AppError) => void
  signal: AbortSignal
}

/**
 * Follows, for a whole cluster, pods that aren’t ready and workloads that can’t create pods. It keeps only those in
 * memory, so the cost follows their number and the number of changes, not the number of pods.
 * @returns what it knows, and the work, which ends when the signal is aborted and fails with AppError
 * forbidden or cluster_refused if `spaceport-health` may not read them
 */
export function followTroubled(
  cluster: Cluster,
  { now, onChange, onTrouble, signal }: Options,
): { namespaces: TroubledNamespaces; work: Promise<void> } {
  const pods = new Troubled(onChange)
  const refusals = new Troubled(onChange)
  const ended = new AbortController()
  let refusal: AppError | undefined
  const followed = {
    as: 'spaceport-health' as const,
    fromStart: true,
    signal: AbortSignal.any([signal, ended.signal]),
    onTrouble(error: AppError) {
      onTrouble(error)
      if (!isRefusal(error)) return
      refusal = error
      ended.abort()
    },
  }
  let contactAt = Number.NEGATIVE_INFINITY
  const ofPods = followCollection(cluster, {
    ...followed,
    onContact() {
      contactAt = now()
    },
    onTrouble(error) {
      contactAt = Number.NEGATIVE_INFINITY
      followed.onTrouble(error)
    },
    path: collectionPath('v1', 'pods'),
    part: partOf(podSchema),
    keep: (pod: Pod) => (isTroubled(pod) ? keyOf(pod) : undefined),
    onList: (found) => pods.replace(found.map((key) => ({ ...key, until: Number.POSITIVE_INFINITY }))),
    onEvent(type, pod) {
      if (type === 'DELETED' || !isTroubled(pod)) pods.remove(keyOf(pod))
      else pods.add({ ...keyOf(pod), until: Number.POSITIVE_INFINITY })
    },
  })
  const ofRefusals = followCollection(cluster, {
    ...followed,
    path: collectionPath('v1', 'events'),
    query: { fieldSelector: 'reason=FailedCreate' },
    part: partOf(eventSchema),
    keep: keyOf,
    onList: (found) => refusals.replace(found.map((key) => ({ ...key, until: now() + refusalMs }))),
    onEvent(type, event) {
      // An event that expires says nothing about the workload.
      if (type !== 'DELETED') refusals.add({ ...keyOf(event), until: now() + refusalMs })
    },
  })
  const work = Promise.all([ofPods, ofRefusals].map((each) => each.finally(() => ended.abort()))).then(() => {
    if (refusal) throw refusal
  })
  return {
    namespaces: {
      list: (at) => [...new Set([...pods.namespaces(at), ...refusals.namespaces(at)])],
      isComplete: () => pods.listed && refusals.listed,
      isCurrent: (at) => at - contactAt < silenceMs,
    },
    work,
  }
}

/** @returns whether `spaceport-health` may not read something, or the broker may not act as it */
export const isRefusal = (error: unknown): boolean =>
  isAppError(error, 'forbidden') ||
  (isAppError(error, 'cluster_refused') && 'httpStatus' in error && error.httpStatus === 403)

const keyOf = ({ metadata: { namespace, uid } }: { metadata: z.infer<typeof metadata> }) => ({ namespace, uid })

/** Succeeded pods are fine, and pods being deleted may be stuck. */
function isTroubled({ metadata: { deletionTimestamp }, status: { phase, conditions } }: Pod): boolean {
  if (deletionTimestamp !== undefined) return true
  return phase !== 'Succeeded' && !conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
}

/** Objects by namespace and UID, each until an instant in ms. */
class Troubled {
  listed = false
  readonly #byNamespace = new Map<string, Map<string, number>>()
  readonly #onChange: (namespace: string) => void

  constructor(onChange: (namespace: string) => void) {
    this.#onChange = onChange
  }

  replace(objects: readonly { namespace: string; uid: string; until: number }[]): void {
    const before = [...this.#byNamespace.keys()]
    this.#byNamespace.clear()
    for (const object of objects) this.add(object)
    for (const namespace of before) this.#onChange(namespace)
    this.listed = true
  }

  add({ namespace, uid, until }: { namespace: string; uid: string; until: number }): void {
    const there = this.#byNamespace.get(namespace) ?? new Map<string, number>()
    this.#byNamespace.set(namespace, there.set(uid, until))
    this.#onChange(namespace)
  }

  remove({ namespace, uid }: { namespace: string; uid: string }): void {
    const there = this.#byNamespace.get(namespace)
    if (!there?.delete(uid)) return
    if (there.size === 0) this.#byNamespace.delete(namespace)
    this.#onChange(namespace)
  }

  namespaces(now: number): string[] {
    for (const [namespace, there] of this.#byNamespace) {
      for (const [uid, until] of there) if (until < now) there.delete(uid)
      if (there.size === 0) this.#byNamespace.delete(namespace)
    }
    return [...this.#byNamespace.keys()]
  }
}
