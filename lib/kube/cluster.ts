import { KubeConfig } from '@kubernetes/client-node'
import { notUsable } from '#lib/config/environment.ts'
import { AppError } from '#lib/domain/errors.ts'
import { type Connection, openConnection } from './connection.ts'

/** One cluster that Spaceport looks after. Every function of this folder takes it first. */
export type Cluster = {
  name: string
  /** The API server's URL, without a slash at the end. */
  serverUrl: string
  /** How this folder talks to it; nobody else's business. */
  connection: Connection
}

export type Clusters = {
  names: readonly string[]
  defaultName: string
  /** @throws AppError cluster_unknown */
  get(name: string): Cluster
  /** Ends all connections, the idle and the used. */
  close(): Promise<void>
}

/**
 * Reads the operator's kubeconfig and gives access to the clusters in it. Nothing is sent before the first use.
 * @param options.kubeconfig a path; empty for the usual places (KUBECONFIG, ~/.kube/config, inside of a pod)
 * @param options.clusters our names with the contexts that they stand for, the default first; empty for the current
 *   context under the name `default`
 * @throws ConfigurationError when there is no kubeconfig, or a context is not in it
 */
export function connectClusters(options: {
  kubeconfig: string
  clusters: readonly { name: string; context: string }[]
}): Clusters {
  const load = () => {
    const config = new KubeConfig()
    try {
      if (options.kubeconfig) config.loadFromFile(options.kubeconfig)
      else config.loadFromDefault()
    } catch (error) {
      throw notUsable('KUBECONFIG', error instanceof Error ? error.message : 'it cannot be read')
    }
    return config
  }
  const wanted =
    options.clusters.length > 0 ? options.clusters : [{ name: 'default', context: load().getCurrentContext() }]
  const clusters = new Map<string, Cluster>()
  for (const { name, context } of wanted) {
    const config = load()
    const found = config.getContextObject(context)
    const server = found && config.getCluster(found.cluster)?.server
    if (!server)
      throw notUsable(
        options.clusters.length > 0 ? 'SPACEPORT_CLUSTERS' : 'KUBECONFIG',
        `the kubeconfig has no usable context “${context}”`,
      )
    config.setCurrentContext(context)
    const serverUrl = server.replace(/\/+$/, '')
    clusters.set(name, { name, serverUrl, connection: openConnection(config, serverUrl) })
  }
  const [first] = wanted
  if (!first) throw new Error('There is no cluster to look after.')
  return {
    names: wanted.map(({ name }) => name),
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
