import { notUsable } from '#lib/config/environment.ts'
import { type ClusterAccess, readTls, type TlsTexts } from '#lib/kubeconfig/cluster-access.ts'
import { followFiles, readToken } from '#lib/kubeconfig/follow-files.ts'
import { readKubeconfig } from '#lib/kubeconfig/read-kubeconfig.ts'

export type ClusterEndpoint = {
  name: string
  server: string
  serverName: string | undefined
  /** Reads the files at each call. @throws ConfigurationError when they can’t be used */
  tls: () => TlsTexts
  /** Read from its file at each call, if it is in one. Undefined: a client certificate alone. */
  token: () => string | undefined
}

/**
 * Reads the gateway's kubeconfig. The gateway itself opens verified TLS to each API server, so it supports neither
 * plugins, nor proxies, nor plain HTTP.
 * @param path the kubeconfig's path
 * @param wanted clusters as name and context; empty: the current context, named `default`
 * @throws ConfigurationError
 */
export const readClusterEndpoints = (
  path: string,
  wanted: readonly { name: string; context: string }[],
): ClusterEndpoint[] => readKubeconfig(path, wanted).map(endpointOf)

function endpointOf(access: ClusterAccess): ClusterEndpoint {
  const { name, server, serverName, login, called } = access
  const fail = (why: string) => {
    throw notUsable('KUBECONFIG', `${called.path}: ${why}`)
  }
  if (login.plugin) fail(`user “${called.user}”: the gateway needs a token or a client certificate, not exec`)
  if (access.proxyUrl !== undefined) fail(`cluster “${called.cluster}”: the gateway supports no proxy-url`)
  if (URL.parse(server)?.protocol !== 'https:') fail(`cluster “${called.cluster}”: its URL must be https`)
  const { token, tokenFile } = login
  return {
    name,
    server,
    serverName,
    tls: () => readTls(access),
    token: tokenFile === undefined ? () => token : followFiles(() => readToken(tokenFile)),
  }
}
