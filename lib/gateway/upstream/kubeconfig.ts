import { X509Certificate } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import tls from 'node:tls'
import { parse } from 'yaml'
import { z } from 'zod'
import { notUsable, type VariableName } from '#lib/config/environment.ts'
import { readConfiguredFile } from '#lib/config/read-configured-file.ts'

/*
 * The gateway reads the few fields of a kubeconfig that it needs by itself: the client library costs 90 MB and 300 ms.
 * https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 */
const text = z.string().min(1)
const clusterSchema = z.object({
  server: z.url({ protocol: /^https$/, error: 'the server has to be an https URL' }),
  'certificate-authority': text.optional(),
  'certificate-authority-data': text.optional(),
  'tls-server-name': text.optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'proxy-url': text.optional(),
})
const userSchema = z.object({
  token: text.optional(),
  tokenFile: text.optional(),
  'client-certificate': text.optional(),
  'client-certificate-data': text.optional(),
  'client-key': text.optional(),
  'client-key-data': text.optional(),
  exec: z.unknown().optional(),
  'auth-provider': z.unknown().optional(),
})
const schema = z.object({
  'current-context': z.string().optional(),
  contexts: z.array(z.object({ name: text, context: z.object({ cluster: text, user: text }) })).default([]),
  clusters: z.array(z.object({ name: text, cluster: clusterSchema })).default([]),
  users: z.array(z.object({ name: text, user: userSchema })).default([]),
})

/** Where a cluster's API server is, and how the gateway authenticates to it. PEM texts. */
export type ClusterEndpoint = {
  name: string
  server: string
  ca: string | undefined
  serverName: string | undefined
  token: string | undefined
  /** Read again when it changes: tokens of pods are rotated. */
  tokenFile: string | undefined
  certificate: string | undefined
  key: string | undefined
}

/**
 * @param path the kubeconfig's path
 * @param wanted clusters as name and context; empty: the current context, named `default`
 * @throws ConfigurationError saying what is wrong with the file
 */
export function readKubeconfig(path: string, wanted: readonly { name: string; context: string }[]): ClusterEndpoint[] {
  const fail = (why: string, variable: VariableName = 'KUBECONFIG'): never => {
    throw notUsable(variable, `${path}: ${why}`)
  }
  const parsed = schema.safeParse(parseYaml(readConfiguredFile('KUBECONFIG', path), fail))
  if (!parsed.success) return fail(z.prettifyError(parsed.error))
  const { contexts, clusters, users, 'current-context': current } = parsed.data
  const read = (file: string | undefined, data: string | undefined): string | undefined => {
    if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8')
    return file === undefined ? undefined : readConfiguredFile('KUBECONFIG', resolve(dirname(path), file))
  }
  const names =
    wanted.length > 0 ? wanted : [{ name: 'default', context: current ?? fail('it has no current context') }]
  return names.map(({ name, context: contextName }) => {
    const context = contexts.find((one) => one.name === contextName)?.context
    if (!context)
      return fail(`there is no context ${contextName}`, wanted.length > 0 ? 'SPACEPORT_CLUSTERS' : 'KUBECONFIG')
    const cluster = clusters.find((one) => one.name === context.cluster)?.cluster
    if (!cluster) return fail(`there is no cluster ${context.cluster}`)
    const user = users.find((one) => one.name === context.user)?.user
    if (!user) return fail(`there is no user ${context.user}`)
    if (user.exec ?? user['auth-provider'])
      return fail(`user ${context.user}: the gateway needs a token or a client certificate`)
    if (cluster['insecure-skip-tls-verify'])
      return fail(`cluster ${context.cluster}: its certificate has to be verified`)
    if (cluster['proxy-url']) return fail(`cluster ${context.cluster}: proxy-url is not supported`)
    const ca = read(cluster['certificate-authority'], cluster['certificate-authority-data'])
    const certificate = read(user['client-certificate'], user['client-certificate-data'])
    const key = read(user['client-key'], user['client-key-data'])
    // Node would trust every public authority instead of an empty one.
    if (ca !== undefined && !isUsable(() => new X509Certificate(ca)))
      return fail(`cluster ${context.cluster}: its certificate authority is not a certificate`)
    if (!isUsable(() => tls.createSecureContext({ cert: certificate, key })))
      return fail(`user ${context.user}: its client certificate and key can’t be used`)
    return {
      name,
      server: cluster.server,
      ca,
      serverName: cluster['tls-server-name'],
      token: user.token,
      tokenFile: user.tokenFile && resolve(dirname(path), user.tokenFile),
      certificate,
      key,
    }
  })
}

function isUsable(use: () => unknown): boolean {
  try {
    use()
    return true
  } catch {
    return false
  }
}

function parseYaml(text: string, fail: (why: string) => never): unknown {
  try {
    return parse(text)
  } catch {
    return fail('it is not YAML')
  }
}
