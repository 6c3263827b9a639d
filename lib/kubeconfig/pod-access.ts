import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { notUsable } from '#lib/config/environment.ts'
import { podApiServer } from '#lib/config/pod-api-server.ts'
import { type ClusterAccess, readTls } from './cluster-access.ts'

const podFolder = '/var/run/secrets/kubernetes.io/serviceaccount'

/** The name of the pod's own cluster in SPACEPORT_CLUSTERS. */
const podContext = 'inClusterContext'

/**
 * Reads the ServiceAccount of the current pod, for a process without a kubeconfig. A person's own ~/.kube/config is
 * never used.
 * @param wanted clusters as name and context; empty: the pod's, named `default`
 * @throws ConfigurationError when this is not a pod with a ServiceAccount, or another cluster is wanted
 */
export function readPodAccess(
  wanted: readonly { name: string; context: string }[],
  pod: { folder: string; server: string | undefined } = { folder: podFolder, server: podApiServer() },
): ClusterAccess[] {
  const tokenFile = join(pod.folder, 'token')
  const { server } = pod
  if (server === undefined || !existsSync(tokenFile))
    throw notUsable('KUBECONFIG', 'it is empty, and this is not a pod')
  const names = wanted.length > 0 ? wanted : [{ name: 'default', context: podContext }]
  return names.map(({ name, context }) => {
    if (context !== podContext)
      throw notUsable(
        'SPACEPORT_CLUSTERS',
        `KUBECONFIG is empty, so there is only “${podContext}”, and no context “${context}”`,
      )
    const access: ClusterAccess = {
      name,
      server,
      serverName: undefined,
      proxyUrl: undefined,
      authority: { file: join(pod.folder, 'ca.crt') },
      login: { token: undefined, tokenFile, certificate: undefined, plugin: undefined },
      called: { path: pod.folder, cluster: podContext, user: 'ServiceAccount' },
    }
    readTls(access)
    return access
  })
}
