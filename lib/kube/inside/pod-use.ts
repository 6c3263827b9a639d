import { z } from 'zod'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { addUse, noUse, type PodUse, podUseOf, type Use } from '#lib/kernel/model/spaces/pod-use.ts'
import { maxRead } from '#lib/kernel/model/spaces/space-inside.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import { openItems } from '#lib/kube/client/open-items.ts'
import type { AsPerson } from '#lib/kube/client/request.ts'

/** metrics-server answers from memory: a slower one counts as unavailable. */
const patienceMs = 3_000
/** How long to wait before asking a cluster again after a failure. */
const awayMs = 180_000
/** Pages that ask one cluster at once; others show nothing this time. */
const maxAtOnce = 20

const megabyte = 1024 * 1024

const measured = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  containers: z
    .array(z.object({ usage: z.object({ cpu: z.string(), memory: z.string() }) }))
    .nullable()
    .transform((list) => (list ?? []).map(({ usage }) => usage)),
})
const listPath = (namespace?: string) => collectionPath('metrics.k8s.io/v1beta1', 'pods', namespace)

const known = new WeakMap<Cluster, { askedNow: number; awayUntil: number }>()

/**
 * Reads the actual usage of a space's pods as a person. Pages work without it, so failures are not thrown.
 * @returns null: not measured there, or unreadable
 */
export async function readPodUse(cluster: Cluster, as: AsPerson, namespace: string, now: Date): Promise<PodUse | null> {
  const state = known.get(cluster) ?? { askedNow: 0, awayUntil: 0 }
  known.set(cluster, state)
  if (now.getTime() < state.awayUntil || state.askedNow >= maxAtOnce) return null
  state.askedNow += 1
  let answered = false
  try {
    const found = new Map<string, Use>()
    const asked = { path: listPath(namespace), as, patienceMs, bytes: 8 * megabyte }
    const items = await openItems(cluster, asked, measured)
    answered = true
    for await (const { metadata, containers } of items) {
      const use = podUseOf(containers)
      if (use) found.set(metadata.name, use)
      if (found.size === maxRead.pods) break
    }
    return found
  } catch (error) {
    if (!isAppError(error)) throw error
    // A person's missing right, or the contents of one space, doesn't affect others.
    if (!answered && error.code !== 'forbidden') state.awayUntil = now.getTime() + awayMs
    return null
  } finally {
    state.askedNow -= 1
  }
}

/**
 * Sums up actual usage.
 * @returns an entry for each namespace
 * @throws AppError not_found if nothing measures it; cluster_*
 */
export async function sumPodUse(cluster: Cluster, namespaces: readonly string[]): Promise<Map<string, Use>> {
  const sums = new Map(namespaces.map((namespace) => [namespace, noUse]))
  const asked = { path: listPath(), patienceMs: 30_000, bytes: 512 * megabyte }
  for await (const { metadata, containers } of await openItems(cluster, asked, measured)) {
    const sum = sums.get(metadata.namespace)
    const use = sum && podUseOf(containers)
    if (use) sums.set(metadata.namespace, addUse(sum, use))
  }
  return sums
}
