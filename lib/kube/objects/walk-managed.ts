import { z } from 'zod'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { type Page, readPages } from '#lib/kube/client/list-all.ts'
import { objectMetadataSchema } from '#lib/kube/client/object-metadata.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import { managedKinds, managedSelector } from './managed-kinds.ts'
import { namespaceSchema, type ObservedNamespace, observeNamespace } from './observed-namespace.ts'
import { knownOf, type ManagedSnapshot, type TrackedObject } from './tracked-objects.ts'

/**
 * @returns a key that sorts namespaces as the API server sorts their objects: etcd's keys have a slash after the name
 */
const namespaceKey = (namespace: string): string => `${namespace}/`

const objectSchema = z.looseObject({
  metadata: objectMetadataSchema.shape.metadata.extend({ name: z.string(), namespace: z.string(), uid: z.string() }),
})
type ManagedObject = z.infer<typeof objectSchema>

export type ManagedWalk = {
  /**
   * Advances to a namespace; calls must be in the order of `namespaceKey`.
   * @returns the namespace, if it exists and is Spaceport's, and its labelled objects
   */
  take(namespace: string): Promise<{ found: ObservedNamespace | undefined; objects: Manifest[] }>
  /** @returns namespaces that came out of order, so that `take` may have missed some of their objects */
  missed(): ReadonlySet<string>
  /**
   * Reads the lists to their ends.
   * @returns where a watch can continue
   */
  finish(): Promise<ManagedSnapshot>
}

/**
 * Walks over all of Spaceport's objects on a cluster: one list per kind, in parallel, with one page of each and the
 * namespaces in memory. Needs as many requests as there are pages, however many namespaces there are. The lists are
 * from slightly different moments, so anything that looks wrong must be checked again.
 * @throws (from take and finish) AppError cluster_unreachable, cluster_busy, cluster_failed
 */
export function walkManaged(cluster: Cluster): ManagedWalk {
  const missed = new Set<string>()
  const snapshot = new Map<string, { resourceVersion: string; known: Map<string, TrackedObject> }>()

  /** Remembers each object, and drops its managed fields: they are half of it. */
  async function* pagesOf<T extends z.infer<typeof objectMetadataSchema>>(
    { apiVersion, kind, resource }: { apiVersion: string; kind: string; resource: string },
    schema: z.ZodType<T>,
  ): AsyncGenerator<Page<T>> {
    const known = new Map<string, TrackedObject>()
    const asked = { path: collectionPath(apiVersion, resource), query: { labelSelector: managedSelector } }
    for await (const page of readPages(cluster, asked, schema)) {
      for (const item of page.items) {
        known.set(item.metadata.uid, knownOf(item))
        item.metadata.managedFields = []
      }
      snapshot.set(kind, { resourceVersion: page.resourceVersion, known })
      yield page
    }
  }

  // Namespaces have keys without a trailing slash, so their order differs; they are few and small.
  async function listNamespaces(): Promise<Map<string, ObservedNamespace>> {
    const namespaces = new Map<string, ObservedNamespace>()
    const kind = { apiVersion: 'v1', kind: 'Namespace', resource: 'namespaces' }
    for await (const page of pagesOf(kind, namespaceSchema))
      for (const item of page.items) namespaces.set(item.metadata.name, observeNamespace(item))
    return namespaces
  }
  let namespaces: Promise<Map<string, ObservedNamespace>> | undefined
  const findNamespace = async (name: string) => {
    namespaces ??= listNamespaces()
    return (await namespaces).get(name)
  }

  const kinds = managedKinds.map((managed) => {
    const { apiVersion, kind } = managed
    const { take, finish } = follow(pagesOf(managed, objectSchema), missed)
    return {
      finish,
      // Items of a list have neither kind nor version; only the list does.
      take: async (namespace: string) =>
        (await take(namespace)).map((item): Manifest => ({ ...item, apiVersion, kind })),
    }
  })
  return {
    async take(namespace) {
      const [found, ...objects] = await Promise.all([
        findNamespace(namespace),
        ...kinds.map(({ take }) => take(namespace)),
      ])
      return { found, objects: objects.flat() }
    },
    missed: () => missed,
    async finish() {
      await Promise.all([findNamespace(''), ...kinds.map(({ finish }) => finish())])
      return snapshot
    },
  }
}

function follow(pages: AsyncGenerator<Page<ManagedObject>>, missed: Set<string>) {
  let page: ManagedObject[] = []
  let at = 0
  let ended = false
  let coming: ReturnType<typeof pages.next> | undefined

  async function peek(): Promise<ManagedObject | undefined> {
    while (at >= page.length && !ended) {
      const next = await (coming ?? pages.next())
      page = next.done ? [] : next.value.items
      at = 0
      ended = next.done === true
      if (ended) break
      // The API server prepares the next page while this one is compared.
      coming = pages.next()
      coming.catch(() => {})
    }
    return page[at]
  }

  let greatest = ''
  return {
    async take(namespace: string): Promise<ManagedObject[]> {
      const wanted = namespaceKey(namespace)
      const taken: ManagedObject[] = []
      for (let item = await peek(); item !== undefined; item = await peek()) {
        const key = namespaceKey(item.metadata.namespace)
        if (key > wanted) break
        if (key < greatest) missed.add(item.metadata.namespace)
        else greatest = key
        if (key === wanted) taken.push(item)
        at++
      }
      return taken
    },
    async finish(): Promise<void> {
      while (!ended) {
        page = []
        await peek()
      }
    },
  }
}
