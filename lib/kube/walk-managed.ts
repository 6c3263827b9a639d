import type { Manifest } from '#lib/domain/manifest.ts'
import type { Cluster } from './cluster.ts'
import { listAll, readPages } from './list-all.ts'
import { managedSchema } from './list-managed.ts'
import { managedKinds, managedSelector } from './managed-kinds.ts'
import { collectionPath } from './object-path.ts'
import { type ObservedNamespace, observedNamespaceSchema } from './observed-namespace.ts'

/** @returns what orders namespaces as the API server orders what is in them: etcd's keys have a slash behind the name */
const namespaceKey = (namespace: string): string => `${namespace}/`

export type ManagedWalk = {
  /**
   * Goes on to a namespace; they have to be asked for in the order of `namespaceKey`.
   * @returns the namespace, if it is ours and there, and our labelled objects in it
   */
  take(namespace: string): Promise<{ found: ObservedNamespace | undefined; objects: Manifest[] }>
  /** @returns namespaces that came out of order, of which `take` may have missed something */
  missed(): ReadonlySet<string>
}

/**
 * Walks over everything of ours on a cluster: one list for each kind, side by side. In memory are a page of each, and the
 * namespaces. It costs as
 * many requests as there are pages, however many namespaces there are. The lists are of slightly different moments, so
 * what looks wrong here has to be looked at again.
 * @throws (from take) AppError cluster_unreachable, cluster_busy, cluster_failed
 */
export function walkManaged(cluster: Cluster): ManagedWalk {
  const missed = new Set<string>()
  // Their keys have no slash at the end, so they come in another order; they are few, and small.
  let namespaces: Promise<Map<string, ObservedNamespace>> | undefined
  const findNamespace = async (name: string) => {
    namespaces ??= listNamespaces(cluster)
    return (await namespaces).get(name)
  }
  const kinds = managedKinds.map(({ apiVersion, kind, resource }) => {
    const asked = { path: collectionPath(apiVersion, resource), query: { labelSelector: managedSelector } }
    const items = follow(readPages(cluster, asked, managedSchema), ({ metadata }) => metadata.namespace, missed)
    // Items of a list say neither kind nor version; the list does.
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

/** @returns a function that goes on in an ordered collection to a namespace, and returns the items that are in it */
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
