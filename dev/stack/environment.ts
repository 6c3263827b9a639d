import type { DatabaseUrls } from '#dev/prepare-database.ts'

/** The stack's cluster's name in Spaceport. */
export const clusterOfStack = 'default'

/** An identity provider outside of the stack. */
export type ExternalIdentity = {
  issuer: string
  clientId: string
  clientSecret: string
}

export type EnvironmentOptions = {
  webUrl: string
  gatewayUrl: string
  ports: { web: number; gateway: number; webAdmin: number; gatewayAdmin: number; worker: number }
  databaseUrls: DatabaseUrls
  brokerKubeconfig: string
  gatewayKubeconfig: string
  /** The cluster's context in both. */
  context: string
  identity: ExternalIdentity
  /** The mail server; undefined: none. */
  mailServer?: string | undefined
  nextAuthSecret: string
  /** Undefined: no webhooks. */
  webhookSecret?: string
  /** Undefined: no checkpoints. */
  checkpointKey?: string
  tls: { caFile: string; certFile: string; keyFile: string }
  /** Where the worker receives the cluster's audit. */
  audit?: { port: number; certFile: string; keyFile: string } | undefined
  production: boolean
  /** The processes' surroundings: their PATH and the like. */
  surroundings: Readonly<Record<string, string | undefined>>
  /** Variables that an operator would set; they override our defaults. */
  settings: Readonly<Record<string, string | undefined>>
}

export type StackEnvironment = Record<'web' | 'gateway' | 'worker', Record<string, string>>

/** What any process needs from its surroundings. */
const surroundings = ['PATH', 'HOME', 'LANG', 'TZ'] as const

/** What a person may also set for `npm start`, because it doesn't change how the parts connect. */
const settings = [
  'DATABASE_CONNECTIONS',
  'DATABASE_LOCK_CONNECTIONS',
  'LOG_LEVEL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_TRACES_SAMPLER_ARG',
  'OIDC_SCOPES',
  'OIDC_GROUPS_CLAIM',
  'OIDC_GROUPS_OVERAGE',
  'OIDC_SUBJECT_CLAIM',
  'OIDC_NAME',
  'SPACEPORT_FURTHER_PROVIDERS',
  'SCIM_SUBJECT',
  'SPACEPORT_ADMINS',
  'SPACEPORT_ADMIN_GROUPS',
  'SPACEPORT_AUDITORS',
  'SPACEPORT_AUDITOR_GROUPS',
  'SPACEPORT_SIGN_IN_DOMAINS',
  'SPACEPORT_SIGN_IN_GROUPS',
  'SPACEPORT_PUSHED_PRIVILEGED_GROUPS',
  'SPACEPORT_RESERVED_NAMES',
  'SPACEPORT_NAME_RESERVED_DAYS',
  'SPACEPORT_DENIED_CIDRS',
  'SPACEPORT_DNS_PEERS',
  'SPACEPORT_INGRESS_SUFFIXES',
  'SPACEPORT_PLATFORM_NAMESPACES',
  'SPACEPORT_GIT_IDENTITIES',
  'SPACEPORT_SPACE_LIMIT',
  'SPACEPORT_MAX_SIZE',
  'SPACEPORT_DIRECTORY',
  'SPACEPORT_HELP_URL',
  'SPACEPORT_WEBHOOK_ALLOWED_HOSTS',
  'WORKER_AUDIT_CONTROLLERS',
] as const

const pick = (names: readonly string[], from: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = from[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )

/**
 * The environment of each process. Each gets only what it needs: the gateway gets neither the portal's secrets nor the
 * broker's kubeconfig.
 */
export function renderEnvironment(options: EnvironmentOptions): StackEnvironment {
  const { ports, identity, tls } = options
  const shared = {
    NODE_ENV: options.production ? 'production' : 'development',
    SPACEPORT_ADMIN_GROUPS: 'platform-admins',
    SPACEPORT_AUDITOR_GROUPS: 'auditors',
    ...pick(surroundings, options.surroundings),
    ...pick(settings, options.settings),
    SPACEPORT_NAMESPACE_PREFIX: options.settings.SPACEPORT_NAMESPACE_PREFIX || 'none',
    SPACEPORT_URL: options.webUrl,
    SPACEPORT_CLUSTERS: `${clusterOfStack}=${options.context}`,
  }
  const services = { ...shared, SPACEPORT_WEBHOOK_SECRET: options.webhookSecret ?? '' }
  return {
    web: {
      ...services,
      DATABASE_URL: options.databaseUrls.web,
      KUBECONFIG: options.brokerKubeconfig,
      SPACEPORT_GATEWAY_URL: options.gatewayUrl,
      GATEWAY_TLS_CA: tls.caFile,
      NEXTAUTH_SECRET: options.nextAuthSecret,
      OIDC_ISSUER: identity.issuer,
      OIDC_CLIENT_ID: identity.clientId,
      OIDC_CLIENT_SECRET: identity.clientSecret,
      NEXT_TELEMETRY_DISABLED: '1',
      HOSTNAME: '127.0.0.1',
      PORT: String(ports.web),
      WEB_ADMIN_LISTEN: `127.0.0.1:${ports.webAdmin}`,
    },
    gateway: {
      ...shared,
      DATABASE_URL: options.databaseUrls.gateway,
      KUBECONFIG: options.gatewayKubeconfig,
      GATEWAY_LISTEN: `127.0.0.1:${ports.gateway}`,
      GATEWAY_ADMIN_LISTEN: `127.0.0.1:${ports.gatewayAdmin}`,
      GATEWAY_TLS_CERT: tls.certFile,
      GATEWAY_TLS_KEY: tls.keyFile,
    },
    worker: {
      ...services,
      DATABASE_URL: options.databaseUrls.worker,
      KUBECONFIG: options.brokerKubeconfig,
      SPACEPORT_CHECKPOINT_KEY: options.checkpointKey ?? '',
      WORKER_LISTEN: `127.0.0.1:${ports.worker}`,
      ...(options.audit && {
        WORKER_AUDIT_LISTEN: `127.0.0.1:${options.audit.port}`,
        WORKER_AUDIT_TLS_CERT: options.audit.certFile,
        WORKER_AUDIT_TLS_KEY: options.audit.keyFile,
      }),
      ...(options.mailServer && { SMTP_URL: options.mailServer, SMTP_FROM: 'Spaceport <spaceport@localhost>' }),
    },
  }
}
