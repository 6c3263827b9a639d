import { notUsable, parseEnvironment } from './environment.ts'

type Environment = Readonly<Record<string, string | undefined>>

const shared = [
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_CONNECTIONS',
  'KUBECONFIG',
  'SPACEPORT_CLUSTERS',
  'LOG_LEVEL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_TRACES_SAMPLER_ARG',
] as const
const spaces = [
  'DATABASE_LOCK_CONNECTIONS',
  'SPACEPORT_SPACE_LIMIT',
  'SPACEPORT_MAX_SIZE',
  'SPACEPORT_NAMESPACE_PREFIX',
  'SPACEPORT_RESERVED_NAMES',
  'SPACEPORT_NAME_RESERVED_DAYS',
  'SPACEPORT_DENIED_CIDRS',
  'SPACEPORT_DNS_PEERS',
  'SPACEPORT_INGRESS_SUFFIXES',
  'SPACEPORT_PLATFORM_NAMESPACES',
  'SPACEPORT_GIT_IDENTITIES',
  'SPACEPORT_PUSHED_PRIVILEGED_GROUPS',
] as const

/** For processes that open services (lib/kernel/use-case/open-services.ts). */
const services = [
  ...shared,
  ...spaces,
  'SPACEPORT_URL',
  'SPACEPORT_WEBHOOK_SECRET',
  'SPACEPORT_WEBHOOK_ALLOWED_HOSTS',
] as const

const web = [
  ...services,
  'WEB_ADMIN_LISTEN',
  'WEB_KEEP_ALIVE_SECONDS',
  'SPACEPORT_TRUSTED_HOPS',
  'SPACEPORT_DIRECTORY',
  'SPACEPORT_HELP_URL',
  'SPACEPORT_GATEWAY_URL',
  'NEXTAUTH_SECRET',
  'NEXTAUTH_SECRET_OTHER',
  'OIDC_ISSUER',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
  'OIDC_CLIENT_SECRET_OTHER',
  'OIDC_SCOPES',
  'OIDC_SUBJECT_CLAIM',
  'OIDC_GROUPS_CLAIM',
  'OIDC_GROUPS_OVERAGE',
  'OIDC_ALGORITHMS',
  'OIDC_NAME',
  'SPACEPORT_FURTHER_PROVIDERS',
  'OIDC_LOGOUT_ENDS_CREDENTIALS',
  'OIDC_RECHECK_MINUTES',
  'SCIM_SUBJECT',
  'SPACEPORT_ADMINS',
  'SPACEPORT_ADMIN_GROUPS',
  'SPACEPORT_ADMIN_MINUTES',
  'SPACEPORT_AUDITORS',
  'SPACEPORT_AUDITOR_GROUPS',
  'SPACEPORT_SIGN_IN_DOMAINS',
  'SPACEPORT_SIGN_IN_GROUPS',
  'GATEWAY_TLS_CA',
] as const
const gateway = [
  ...shared,
  'SPACEPORT_URL',
  'SPACEPORT_CLUSTER_READABLE',
  'SPACEPORT_GIT_IDENTITIES',
  'GATEWAY_LISTEN',
  'GATEWAY_SHARES_PORT',
  'GATEWAY_ADMIN_LISTEN',
  'GATEWAY_TLS_CERT',
  'GATEWAY_TLS_KEY',
  'GATEWAY_TRAIL_COMMANDS',
  'GATEWAY_CONNECTIONS_PER_SOURCE',
  'SPACEPORT_WITHOUT_FENCES',
] as const
const worker = [
  ...services,
  'SMTP_URL',
  'SMTP_FROM',
  'WORKER_LISTEN',
  'WORKER_AUDIT_LISTEN',
  'WORKER_AUDIT_TLS_CERT',
  'WORKER_AUDIT_TLS_KEY',
  'WORKER_AUDIT_CONTROLLERS',
  'SPACEPORT_TRAIL_WEBHOOK_URL',
  'SPACEPORT_TRAIL_WEBHOOK_TOKEN',
  'SPACEPORT_TRAIL_WEBHOOK_SECRET',
  'SPACEPORT_TRAIL_WEBHOOK_CA',
  'SPACEPORT_TRAIL_SYSLOG_URL',
  'SPACEPORT_TRAIL_SYSLOG_CA',
  'SPACEPORT_TRAIL_SYSLOG_CERT',
  'SPACEPORT_TRAIL_SYSLOG_KEY',
  'SPACEPORT_CHECKPOINT_KEY',
] as const

type Names = { SPACEPORT_NAMESPACE_PREFIX: string; SPACEPORT_PLATFORM_NAMESPACES: readonly string[] }

/** A platform namespace pattern that covers the whole prefix would leave no name for a space. */
function withNamesLeft<C extends Names>(config: C): C {
  const { SPACEPORT_NAMESPACE_PREFIX: prefix, SPACEPORT_PLATFORM_NAMESPACES: platform } = config
  const all = platform.find((name) => name.endsWith('*') && prefix.startsWith(name.slice(0, -1)))
  if (all !== undefined)
    throw notUsable('SPACEPORT_PLATFORM_NAMESPACES', `${all} covers every namespace with the prefix ${prefix}`)
  return config
}

/**
 * @returns the configuration of the web process
 * @throws ConfigurationError
 */
export function readWebConfig(environment: Environment = process.env) {
  const config = withNamesLeft(parseEnvironment(web, environment))
  if (config.OIDC_GROUPS_OVERAGE !== 'refuse' && config.OIDC_GROUPS_CLAIM !== 'groups')
    throw notUsable('OIDC_GROUPS_OVERAGE', 'it only applies to the claim groups, but OIDC_GROUPS_CLAIM is another')
  return config
}
/**
 * @returns the configuration of the gateway
 * @throws ConfigurationError
 */
export const readGatewayConfig = (environment: Environment = process.env) => parseEnvironment(gateway, environment)
/**
 * @returns the configuration of the worker
 * @throws ConfigurationError
 */
export function readWorkerConfig(environment: Environment = process.env) {
  const config = withNamesLeft(parseEnvironment(worker, environment))
  if (config.SMTP_URL !== '' && config.SMTP_FROM === '') throw notUsable('SMTP_FROM', 'SMTP_URL needs it')
  if (config.WORKER_AUDIT_LISTEN !== '')
    for (const name of ['WORKER_AUDIT_TLS_CERT', 'WORKER_AUDIT_TLS_KEY'] as const)
      if (config[name] === '') throw notUsable(name, 'WORKER_AUDIT_LISTEN needs it')
  if ((config.SPACEPORT_TRAIL_SYSLOG_CERT === '') !== (config.SPACEPORT_TRAIL_SYSLOG_KEY === ''))
    throw notUsable('SPACEPORT_TRAIL_SYSLOG_KEY', 'a certificate and its key must be set together')
  return config
}
/**
 * @returns the configuration of a migration
 * @throws ConfigurationError
 */
export const readMigrationConfig = (environment: Environment = process.env) =>
  parseEnvironment(['DATABASE_URL', 'SPACEPORT_DATABASE_LOGINS'], environment)

/**
 * @returns the configuration of the command that verifies the trail
 * @throws ConfigurationError
 */
export const readVerifyConfig = (environment: Environment = process.env) =>
  parseEnvironment(['DATABASE_URL'], environment)

/**
 * @returns the configuration of operators' commands for the trail: the login of a member of spaceport_archiver
 * @throws ConfigurationError
 */
export const readArchiverConfig = (environment: Environment = process.env) =>
  parseEnvironment(['DATABASE_URL'], environment)

/**
 * @returns the configuration of `bin/spaceport admin`: a login, and the broker's kubeconfig
 * @throws ConfigurationError
 */
export const readRecoveryConfig = (environment: Environment = process.env) =>
  parseEnvironment(['DATABASE_URL', 'KUBECONFIG', 'SPACEPORT_CLUSTERS'], environment)

/**
 * @returns the configuration of the command for the break-glass account
 * @throws ConfigurationError
 */
export const readBreakGlassConfig = (environment: Environment = process.env) =>
  parseEnvironment(['DATABASE_URL', 'OIDC_ISSUER'], environment)

export type WebConfig = ReturnType<typeof readWebConfig>
export type GatewayConfig = ReturnType<typeof readGatewayConfig>
export type WorkerConfig = ReturnType<typeof readWorkerConfig>
