import { AppError } from '#lib/kernel/model/errors.ts'
import { readPodAccess } from '#lib/kubeconfig/pod-access.ts'
import { readKubeconfig } from '#lib/kubeconfig/read-kubeconfig.ts'
import { type Connection, openConnection } from './connection.ts'

/** Every function of this folder takes it first. */
export type Cluster = {
  name: string
  /** Without a trailing slash. */
  serverUrl: string
  /** Private to this folder. */
  connection: Connection
}

export type Clusters = {
  names: readonly string[]
  defaultName: string
  /** @throws AppError cluster_unknown */
  get(name: string): Cluster
  close(): Promise<void>
}

/**
 * Reads the operator's kubeconfig. Sends nothing before the first use.
 * @param options.kubeconfig a path; empty for the ServiceAccount of the current pod. A person's own ~/.kube/config is
 * never used
 * @param options.clusters our names with their contexts, the default first; empty for the current context under the
 * name `default`
 * @throws ConfigurationError when there is no kubeconfig, or a context is unusable
 */
export function connectClusters(options: {
  kubeconfig: string
  clusters: readonly { name: string; context: string }[]
}): Clusters {
  const accesses = options.kubeconfig
    ? readKubeconfig(options.kubeconfig, options.clusters)
    : readPodAccess(options.clusters)
  const clusters = new Map<string, Cluster>(
    accesses.map((access) => [
      access.name,
      { name: access.name, serverUrl: access.server, connection: openConnection(access) },
    ]),
  )
  const [first] = accesses
  if (!first) throw new Error('There is no cluster to manage.')
  return {
    names: accesses.map(({ name }) => name),
    defaultName: first.name,
    get(name) {
      const cluster = clusters.get(name)
      if (!cluster) throw new AppError('cluster_unknown', { detail: name })
      return cluster
    },
    async close() {
      await Promise.all([...clusters.values()].map(({ connection }) => connection.close()))
    },
  }
}
