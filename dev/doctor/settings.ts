import { parseArgs } from 'node:util'
import { parseEnvironment } from '#lib/config/environment.ts'

const usage = `npm run doctor -- --kubeconfig FILE [--context NAME] [--portal URL] [--gateway URL]

Judges an installation from outside and says what is missing. Changes nothing.
Exit status: 0 if nothing is ✗, 1 if something is, 2 if it can’t begin.

  --kubeconfig  of a cluster admin
  --context     in it (default: its current context)
  --portal      the portal’s URL (default: SPACEPORT_URL)
  --gateway     the gateway’s URL (default: SPACEPORT_GATEWAY_URL)

More is checked with the settings of a process in the environment (docs/doctor.md).`

type Environment = Readonly<Record<string, string | undefined>>

/** What isn't given isn't checked. */
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
    options: { kubeconfig: text, context: text, portal: text, gateway: text },
  })
  if (values.kubeconfig === undefined) throw new Error(usage)
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
  return {
    kubeconfig: values.kubeconfig,
    context: values.context,
    portalUrl,
    gateway: {
      url: optional('SPACEPORT_GATEWAY_URL'),
      caFile: defaulted.GATEWAY_TLS_CA,
      certificateFile: optional('GATEWAY_TLS_CERT') ?? '',
      cluster: clusters[0]?.name ?? 'default',
    },
    database: {
      url: optional('DATABASE_URL'),
      directUrl: optional('DATABASE_DIRECT_URL'),
      queries: defaulted.DATABASE_CONNECTIONS,
      locks: defaulted.DATABASE_LOCK_CONNECTIONS,
      clusters: Math.max(1, clusters.length),
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
