import type { Manifest } from '#lib/domain/manifest.ts'
import type { Cluster } from './cluster.ts'
import { listAll, readPages } from './list-all.ts'
import { managedSchema } from './list-managed.ts'
import { managedKinds, managedSelector } from './managed-kinds.ts'
import { collectionPath } from './object-path.ts'
import { type ObservedNamespace, observedNamespaceSchema } from './observed-namespace.ts'

/**
 * @returns a key that sorts namespaces as the API server sorts their objects: etcd's keys have a slash after the name
 */
const namespaceKey = (namespace: string): string => `${namespace}/`

export type ManagedWalk = {
  /**
   * Advances to a namespace; calls must be in the order of `namespaceKey`.
   * @returns the namespace, if it exists and is ours, and our labelled objects in it
   */
  take(namespace: string): Promise<{ found: ObservedNamespace | undefined; objects: Manifest[] }>
  /** @returns namespaces that came out of order, so that `take` may have missed some of their objects */
  missed(): ReadonlySet<string>
}

/**
 * Walks over everything of ours on a cluster: one list per kind, in parallel. It holds one page of each and the
 * namespaces in memory, and costs as many requests as there are pages, however many namespaces there are. The lists are
 * from slightly different moments, so anything that looks wrong here must be checked again.
 * @throws (from take) AppError cluster_unreachable, cluster_busy, cluster_failed
 */
export function walkManaged(cluster: Cluster): ManagedWalk {
  const missed = new Set<string>()
  // Their own keys have no trailing slash, so they come in another order; they are few and small.
  let namespaces: Promise<Map<string, ObservedNamespace>> | undefined
  const findNamespace = async (name: string) => {
    namespaces ??= listNamespaces(cluster)
    return (await namespaces).get(name)
  }
  const kinds = managedKinds.map(({ apiVersion, kind, resource }) => {
    const asked = { path: collectionPath(apiVersion, resource), query: { labelSelector: managedSelector } }
    const items = follow(readPages(cluster, asked, managedSchema), ({ metadata }) => metadata.namespace, missed)
    // Items of a list have neither kind nor version; only the list does.
    return async (namespace: string) =>
      (await items(namespace)).map((item): Manifest => ({ ...item, apiVersion, kind }))
  })
  return {
    async take(namespace) {
      const [found, ...objects] = await Promise.all([
        findNamespace(namespace),
        ...kinds.map((items) => items(namespace)),
      ])
      return { found, objects: objects.flat() }
    },
    missed: () => missed,
  }
}

async function listNamespaces(cluster: Cluster): Promise<Map<string, ObservedNamespace>> {
  const asked = { path: collectionPath('v1', 'namespaces'), query: { labelSelector: managedSelector } }
  const namespaces = await listAll(cluster, asked, observedNamespaceSchema)
  return new Map(namespaces.map((namespace) => [namespace.name, namespace]))
}

/** @returns a function that advances in an ordered collection to a namespace and returns the items in it */
function follow<T>(
  pages: AsyncGenerator<T[]>,
  namespaceOf: (item: T) => string,
  missed: Set<string>,
): (namespace: string) => Promise<T[]> {
  let page: T[] = []
  let at = 0
  let ended = false

  async function peek(): Promise<T | undefined> {
    while (at >= page.length && !ended) {
      const next = await pages.next()
      page = next.value ?? []
      at = 0
      ended = next.done === true
    }
    return page[at]
  }

  let greatest = ''
  return async (namespace) => {
    const wanted = namespaceKey(namespace)
    const taken: T[] = []
    for (let item = await peek(); item !== undefined; item = await peek()) {
      const key = namespaceKey(namespaceOf(item))
      if (key > wanted) break
      if (key < greatest) missed.add(namespaceOf(item))
      else greatest = key
      if (key === wanted) taken.push(item)
      at++
    }
    return taken
  }
}
