import {
  type ConfigurationList,
  type ConfigurationLists,
  readTable,
  tableAccept,
  tableQuery,
  tableSchema,
} from '#lib/features/spaces/model/configuration.ts'
import { configurationPath, type OpenKind } from '#lib/features/spaces/model/configuration-kind.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { type AsPerson, request } from '#lib/kube/client/request.ts'

/**
 * Lists the Services, Ingresses, ConfigMaps and claims of a space as a person: names and columns, no contents.
 * @returns at most 500 of each kind, and how many there are
 * @throws AppError forbidden, cluster_*
 */
export async function listConfiguration(
  cluster: Cluster,
  { handle, email }: AsPerson,
  namespace: string,
): Promise<ConfigurationLists> {
  const list = async (kind: OpenKind): Promise<ConfigurationList> => {
    const path = configurationPath(namespace, kind)
    const asked = { method: 'GET', path, query: tableQuery, accept: tableAccept, as: { handle, email } } as const
    return readTable(await request(cluster, asked, tableSchema))
  }
  const [Service, Ingress, ConfigMap, PersistentVolumeClaim] = await Promise.all([
    list('Service'),
    list('Ingress'),
    list('ConfigMap'),
    list('PersistentVolumeClaim'),
  ])
  return { Service, Ingress, ConfigMap, PersistentVolumeClaim }
}
