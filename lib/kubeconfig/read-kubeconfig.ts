import { dirname } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { notUsable, type VariableName } from '#lib/config/environment.ts'
import { isSafeUrl } from '#lib/config/is-safe-url.ts'
import { readConfiguredFile } from '#lib/config/read-configured-file.ts'
import { type ClusterAccess, readTls } from './cluster-access.ts'
import { type ClusterEntry, clusterSchema, contextSchema, kubeconfigSchema, userSchema } from './kubeconfig-schema.ts'
import { parseLogin } from './parse-login.ts'
import { pemOf } from './pem.ts'

type Fail = (why: string, variable?: VariableName) => never

/**
 * Reads the operator's kubeconfig. Spaceport trusts no cluster that anyone could impersonate: the certificate must be
 * verified, and the URL is https unless it is on this machine.
 * @param path the kubeconfig's path; paths in it are relative to its folder
 * @param wanted clusters as name and context; empty: the current context, named `default`
 * @throws ConfigurationError that says what is wrong with the file, without its secrets
 */
export function readKubeconfig(path: string, wanted: readonly { name: string; context: string }[]): ClusterAccess[] {
  const fail: Fail = (why, variable = 'KUBECONFIG') => {
    throw notUsable(variable, `${path}: ${why}`)
  }
  const config = parseWith(kubeconfigSchema, parseYaml(readConfiguredFile('KUBECONFIG', path), fail), 'it', fail)
  const find = (kind: 'context' | 'cluster' | 'user', name: string, variable?: VariableName): unknown => {
    const found = config[`${kind}s`].find((entry) => entry.name === name)
    return found ? found[kind] : fail(`there is no ${kind} “${name}”`, variable)
  }
  const names =
    wanted.length > 0
      ? wanted
      : [{ name: 'default', context: config['current-context'] || fail('it has no current context') }]
  return names.map(({ name, context: contextName }) => {
    const found = find('context', contextName, wanted.length > 0 ? 'SPACEPORT_CLUSTERS' : 'KUBECONFIG')
    const context = parseWith(contextSchema, found, `context “${contextName}”`, fail)
    const ofCluster = `cluster “${context.cluster}”`
    const ofUser = `user “${context.user}”`
    const cluster = parseWith(clusterSchema, find('cluster', context.cluster), ofCluster, fail)
    const user = parseWith(userSchema, find('user', context.user) ?? {}, ofUser, fail)
    refuseUnsafe(cluster, (why) => fail(`${ofCluster}: ${why}`))
    const folder = dirname(path)
    const access: ClusterAccess = {
      name,
      server: cluster.server.replace(/\/+$/, ''),
      serverName: cluster['tls-server-name'],
      proxyUrl: cluster['proxy-url'],
      authority: pemOf(cluster['certificate-authority'], cluster['certificate-authority-data'], folder),
      login: parseLogin(user, cluster, folder, (why) => fail(`${ofUser}: ${why}`)),
      called: { path, cluster: context.cluster, user: context.user },
    }
    readTls(access)
    return access
  })
}

function refuseUnsafe(cluster: ClusterEntry, fail: (why: string) => never): void {
  const { server, 'proxy-url': proxy } = cluster
  const isPlain = URL.parse(server)?.protocol === 'http:'
  if (cluster['insecure-skip-tls-verify'] && !isPlain) fail('its certificate must be verified')
  if (!isSafeUrl(server)) fail('its URL must be https')
  if (proxy === undefined) return
  const { protocol } = URL.parse(proxy) ?? fail('its proxy-url is not a URL')
  if (protocol.startsWith('socks')) fail('a SOCKS proxy is not supported; use an HTTP proxy')
  if (protocol !== 'http:' && protocol !== 'https:') fail('its proxy-url must be http or https')
  // The proxy would get Spaceport's credentials unencrypted.
  if (isPlain) fail('its URL must be https when there is a proxy')
}

function parseWith<T>(schema: z.ZodType<T>, value: unknown, what: string, fail: Fail): T {
  const parsed = schema.safeParse(value)
  return parsed.success ? parsed.data : fail(`${what} is not usable: ${z.prettifyError(parsed.error)}`)
}

function parseYaml(text: string, fail: Fail): unknown {
  try {
    return parse(text)
  } catch {
    return fail('it is not YAML')
  }
}
