import { resolve } from 'node:path'
import type { Login } from './cluster-access.ts'
import type { ClusterEntry, ExecPlugin, UserEntry } from './kubeconfig-schema.ts'
import { pemOf, readPem } from './pem.ts'

/**
 * @param user, cluster the entries of one context
 * @param folder the base of relative paths
 * @param fail throws an error that says why the user can't be used
 * @returns how to authenticate
 */
export function parseLogin(
  user: UserEntry,
  cluster: ClusterEntry,
  folder: string,
  fail: (why: string) => never,
): Login {
  refuseOtherWays(user, fail)
  const certificate = pemOf(user['client-certificate'], user['client-certificate-data'], folder)
  const key = pemOf(user['client-key'], user['client-key-data'], folder)
  if ((certificate === undefined) !== (key === undefined)) fail('a client certificate and its key must come together')
  const login = {
    token: user.token,
    tokenFile: user.tokenFile && resolve(folder, user.tokenFile),
    certificate: certificate && key && { certificate, key },
  }
  const hasOwn = Object.values(login).some((way) => way !== undefined)
  if (!user.exec) return hasOwn ? { ...login, plugin: undefined } : fail('it has no token, client certificate or exec')
  if (hasOwn) fail('exec must not be combined with a token or a client certificate')
  if (user.exec.interactiveMode === 'Always')
    fail('its exec plugin needs an interactive terminal, which Spaceport doesn’t have')
  return { ...login, plugin: renderPlugin(user.exec, cluster, folder) }
}

function refuseOtherWays(user: UserEntry, fail: (why: string) => never): void {
  if (user['auth-provider']) fail('auth-provider is not supported (removed in kubectl 1.26); use exec instead')
  if (user.username ?? user.password)
    fail('API servers no longer accept passwords: use a token, a client certificate or exec')
  if (user.as ?? user['as-uid'] ?? user['as-groups'] ?? user['as-user-extra'])
    fail('it must not impersonate: Spaceport itself impersonates people')
}

type ExecEntry = NonNullable<UserEntry['exec']>

function renderPlugin(exec: ExecEntry, cluster: ClusterEntry, folder: string): ExecPlugin {
  return {
    apiVersion: exec.apiVersion,
    // As in kubectl: a path is relative to the kubeconfig, a bare name is looked up in PATH.
    command: exec.command.includes('/') ? resolve(folder, exec.command) : exec.command,
    args: exec.args ?? [],
    env: exec.env ?? [],
    cluster: exec.provideClusterInfo ? describeCluster(cluster, folder) : undefined,
  }
}

/** As in the `spec` of ExecCredential. */
function describeCluster(cluster: ClusterEntry, folder: string): Record<string, unknown> {
  const ca = readPem(pemOf(cluster['certificate-authority'], cluster['certificate-authority-data'], folder))
  return {
    server: cluster.server,
    'tls-server-name': cluster['tls-server-name'],
    'certificate-authority-data': ca && Buffer.from(ca).toString('base64'),
    'proxy-url': cluster['proxy-url'],
    'disable-compression': cluster['disable-compression'],
    config: cluster.extensions?.find(({ name }) => name === 'client.authentication.k8s.io/exec')?.extension,
  }
}
