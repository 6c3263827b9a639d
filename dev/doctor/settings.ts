import { parseArgs } from 'node:util'
import { readUsage } from '#dev/runner/usage.mjs'
import { parseEnvironment } from '#lib/config/environment.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Missing settings skip their checks. */
type OptionalName =
  | 'SPACEPORT_URL'
  | 'SPACEPORT_GATEWAY_URL'
  | 'DATABASE_URL'
  | 'DATABASE_DIRECT_URL'
  | 'OIDC_ISSUER'
  | 'OIDC_CLIENT_ID'
  | 'GATEWAY_TLS_CERT'

export type Settings = ReturnType<typeof readSettings>

/** @throws Error, ConfigurationError when something is missing or can't be used */
export function readSettings(args: readonly string[], environment: Environment) {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ kubeconfig: text, context: text, portal: text, gateway: text, readiness: text },
      ...{ audit: text, 'audit-ca': text },
    },
  })
  if (values.kubeconfig === undefined) throw new Error(`--kubeconfig is missing.\n\n${readUsage('doctor')}`)
  if (values['audit-ca'] !== undefined && values.audit === undefined) throw new Error('--audit-ca goes with --audit')
  const given: Environment = {
    ...environment,
    ...(values.portal !== undefined && { SPACEPORT_URL: values.portal }),
    ...(values.gateway !== undefined && { SPACEPORT_GATEWAY_URL: values.gateway }),
  }
  const optional = (name: OptionalName): string | undefined =>
    given[name] === undefined || given[name] === '' ? undefined : parseEnvironment([name], given)[name]
  const defaulted = parseEnvironment(
    [
      'DATABASE_CONNECTIONS',
      'DATABASE_LOCK_CONNECTIONS',
      'SPACEPORT_CLUSTERS',
      'OIDC_GROUPS_CLAIM',
      'OIDC_ALGORITHMS',
      'SPACEPORT_FURTHER_PROVIDERS',
      'GATEWAY_TLS_CA',
    ],
    given,
  )
  const portalUrl = optional('SPACEPORT_URL')
  const clusters = defaulted.SPACEPORT_CLUSTERS
  const cluster = clusters[0]?.name ?? 'default'
  const databaseUrls = { url: optional('DATABASE_URL'), directUrl: optional('DATABASE_DIRECT_URL') }
  return {
    kubeconfig: values.kubeconfig,
    context: values.context,
    portalUrl,
    readinessUrl: values.readiness === undefined ? undefined : webOrigin(values.readiness),
    gateway: {
      url: optional('SPACEPORT_GATEWAY_URL'),
      caFile: defaulted.GATEWAY_TLS_CA,
      certificateFile: optional('GATEWAY_TLS_CERT') ?? '',
      cluster,
    },
    database: {
      ...databaseUrls,
      queries: defaulted.DATABASE_CONNECTIONS,
      locks: defaulted.DATABASE_LOCK_CONNECTIONS,
      clusters: Math.max(1, clusters.length),
    },
    audit: {
      databaseUrl: databaseUrls.directUrl ?? databaseUrls.url,
      receiver: values.audit === undefined ? undefined : originOf(values.audit),
      caFile: values['audit-ca'] ?? '',
      cluster,
    },
    provider: {
      issuer: optional('OIDC_ISSUER'),
      clientId: optional('OIDC_CLIENT_ID'),
      groupsClaim: defaulted.OIDC_GROUPS_CLAIM,
      algorithms: defaulted.OIDC_ALGORITHMS,
      portalUrl,
    },
    furtherProviders: defaulted.SPACEPORT_FURTHER_PROVIDERS,
  }
}

/** An API server sends no token over plain http, and the path is the cluster’s. */
function originOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol !== 'https:' || url.pathname !== '/' || url.search !== '')
    throw new Error('--audit has to be a URL like https://host:port')
  return url
}

/** @throws Error when it isn't one */
function webOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new Error('--readiness has to be a URL like http://host:port')
  return url.origin
}
