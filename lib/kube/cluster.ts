import { existsSync } from 'node:fs'
import { KubeConfig } from '@kubernetes/client-node'
import { notUsable } from '#lib/config/environment.ts'
import { isSafeUrl } from '#lib/config/is-safe-url.ts'
import { AppError } from '#lib/domain/errors.ts'
import { type Connection, openConnection } from './connection.ts'

/** One cluster that Spaceport manages. Every function of this folder takes it first. */
export type Cluster = {
  name: string
  /** The API server's URL, without a trailing slash. */
  serverUrl: string
  /** How this folder talks to it; private to this folder. */
  connection: Connection
}

export type Clusters = {
  names: readonly string[]
  defaultName: string
  /** @throws AppError cluster_unknown */
  get(name: string): Cluster
  /** Closes all connections, idle or in use. */
  close(): Promise<void>
}

/** Where Kubernetes puts a pod's token. */
const podToken = '/var/run/secrets/kubernetes.io/serviceaccount/token'

/**
 * Reads the operator's kubeconfig and gives access to the clusters in it. Nothing is sent before the first use.
 * @param options.kubeconfig a path; empty for the ServiceAccount of the pod that this runs in. A person's own
 *   ~/.kube/config is never used
 * @param options.clusters our names with their contexts, the default first; empty for the current context under the
 *   name `default`
 * @throws ConfigurationError when there is no kubeconfig, a context is missing, or anybody could pose as its cluster:
 *   the certificate is not verified, or the URL is plain HTTP
 */
export function connectClusters(options: {
  kubeconfig: string
  clusters: readonly { name: string; context: string }[]
}): Clusters {
  const load = () => {
    const config = new KubeConfig()
    try {
      if (options.kubeconfig) config.loadFromFile(options.kubeconfig)
      else if (existsSync(podToken)) config.loadFromCluster()
      else throw new Error('it is empty, and this is not a pod')
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
    const cluster = found && config.getCluster(found.cluster)
    if (!cluster?.server)
      throw notUsable(
        options.clusters.length > 0 ? 'SPACEPORT_CLUSTERS' : 'KUBECONFIG',
        `the kubeconfig has no usable context “${context}”`,
      )
    const { server, skipTLSVerify } = cluster
    if (skipTLSVerify && URL.parse(server)?.protocol !== 'http:')
      throw notUsable('KUBECONFIG', `the certificate of cluster “${found?.cluster}” must be verified`)
    if (!isSafeUrl(server)) throw notUsable('KUBECONFIG', `the URL of cluster “${found?.cluster}” must be https`)
    config.setCurrentContext(context)
    const serverUrl = server.replace(/\/+$/, '')
    clusters.set(name, { name, serverUrl, connection: openConnection(config, serverUrl) })
  }
  const [first] = wanted
  if (!first) throw new Error('There is no cluster to manage.')
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
