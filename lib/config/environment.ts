import { z } from 'zod'
import { personName, signInDomain, signInGroup } from './admission-items.ts'
import { graphOrigins, isGraphOrigin } from './graph-origins.ts'
import { isCheckpointKey } from './is-checkpoint-key.ts'
import { isDeniableCidr } from './is-deniable-cidr.ts'
import { isMailServer } from './is-mail-server.ts'
import { isSafeDatabaseUrl } from './is-safe-database-url.ts'
import { isSafeUrl } from './is-safe-url.ts'
import { isSubjectClaim } from './is-subject-claim.ts'
import { isSyslogServer } from './is-syslog-server.ts'
import { parseWebhookHost } from './parse-webhook-host.ts'

/** A variable that is missing or wrong. The message names it and gives the expected value and an example. */
export class ConfigurationError extends Error {
  constructor(problems: readonly string[]) {
    super(`Spaceport cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.name = 'ConfigurationError'
  }
}

const url = (protocols: readonly string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol))
const safeUrl = url(['http:', 'https:']).refine(isSafeUrl)
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)
/** Here an empty item is an error: a list of blanks would set no limit. */
const listWithoutGaps = z
  .string()
  .transform((value) => (value === '' ? [] : value.split(',').map((item) => item.trim())))
const people = listWithoutGaps.pipe(z.array(personName))
const listen = z
  .string()
  .regex(/^\S*:\d{1,5}$/)
  .refine((value) => Number(value.slice(value.lastIndexOf(':') + 1)) <= 65_535)

const yesOrNo = z.enum(['yes', 'no']).transform((word) => word === 'yes')

type Variable<T> = { schema: z.ZodType<T, string>; expected: string; example: string; fallback?: string }
const variable = <T>(
  schema: z.ZodType<T, string>,
  expected: string,
  example: string,
  fallback?: string,
): Variable<T> => ({
  schema,
  expected,
  example,
  ...(fallback !== undefined && { fallback }),
})

/**
 * A number with a range, which becomes part of the expected text. Digits only: otherwise an empty string would count as
 * 0.
 */
const count = (expected: string, least: number, most: number, example: string, fallback: string): Variable<number> =>
  variable(
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number)
      .pipe(z.number().min(least).max(most)),
    `${expected}, ${least} to ${most}`,
    example,
    fallback,
  )

const text = z.string().min(1)

const dnsPeer = z.union([
  z.union([z.ipv4(), z.ipv6()]).transform((address) => ({ address })),
  z
    .string()
    .regex(/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?(?::(?:53|5353))?$/)
    .transform((peer) => {
      const [namespace = '', port = '53'] = peer.split(':')
      return { namespace, port: Number(port) }
    }),
])

/** The format of OpenTelemetry's own variable (opentelemetry.io, “OTLP exporter configuration”). */
const otlpHeaders = list
  .refine((pairs) => pairs.every((pair) => /^[\w!#$%&'*+.^`|~-]+=[\x21-\x7e]+$/.test(pair) && isEncoded(pair)))
  .transform((pairs) =>
    Object.fromEntries(
      pairs.map((pair) => {
        const at = pair.indexOf('=')
        return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))]
      }),
    ),
  )

function isEncoded(text: string): boolean {
  try {
    return !/[\r\n\0]/.test(decodeURIComponent(text))
  } catch {
    return false
  }
}

/** Every variable that Spaceport reads: the expected value, an example, and the default if it has one. */
export const variables = {
  SPACEPORT_URL: variable(
    safeUrl
      .refine((v) => URL.canParse(v) && /^\/?$/.test(new URL(v).pathname + new URL(v).search))
      .transform((v) => new URL(v).origin),
    'the portal’s URL, https unless on this machine',
    'https://spaceport.example.com',
  ),
  SPACEPORT_GATEWAY_URL: variable(
    url(['https:']).transform((v) => v.replace(/\/+$/, '')),
    'the gateway’s URL for kubectl',
    'https://kube.example.com:8443',
  ),
  DATABASE_URL: variable(
    z.string().refine(isSafeDatabaseUrl),
    'a Postgres URL with sslmode=verify-full, unless on this machine; sslmode=disable allows unencrypted connections',
    'postgresql://spaceport_web_login:secret@db.example.com/spaceport?sslmode=verify-full',
  ),
  DATABASE_DIRECT_URL: variable(
    z.literal('').or(z.string().refine(isSafeDatabaseUrl)),
    'the URL of Postgres itself, if DATABASE_URL leads to PgBouncer in transaction mode, with the same login and rules; empty without PgBouncer',
    'postgresql://spaceport_web_login:secret@db.example.com/spaceport?sslmode=verify-full',
    '',
  ),
  SPACEPORT_DATABASE_LOGINS: variable(
    list.pipe(
      z
        .array(
          z
            .string()
            .regex(/^(web|worker|gateway)=[^\s"';]{1,63}$/)
            .transform((item) => ({
              process: item.slice(0, item.indexOf('=')) as 'web' | 'worker' | 'gateway',
              login: item.slice(item.indexOf('=') + 1),
            })),
        )
        .refine((given) => new Set(given.map(({ process }) => process)).size === given.length)
        .refine((given) => new Set(given.map(({ login }) => login)).size === given.length),
    ),
    'process=login for each of web, worker and gateway, separated by commas, each with its own login',
    'web=spaceport_web_login,worker=spaceport_worker_login,gateway=spaceport_gateway_login',
    '',
  ),
  DATABASE_CONNECTIONS: count('connections per query pool', 2, 100, '8', '4'),
  DATABASE_LOCK_CONNECTIONS: count('lock connections per cluster', 2, 100, '16', '8'),
  NEXTAUTH_SECRET: variable(
    z.string().min(32),
    'a random secret of at least 32 characters',
    'the output of `openssl rand -base64 48`',
  ),
  NEXTAUTH_SECRET_OTHER: variable(
    z.literal('').or(z.string().min(32)),
    'while rotating `NEXTAUTH_SECRET`, its next and then its previous value, accepted for reading; empty for none',
    'the output of `openssl rand -base64 48`',
    '',
  ),
  OIDC_ISSUER: variable(
    safeUrl,
    'the identity provider’s issuer URL, https unless on this machine',
    'https://login.example.com/realms/main',
  ),
  OIDC_CLIENT_ID: variable(text, 'the registered client ID', 'spaceport'),
  OIDC_CLIENT_SECRET: variable(text, 'the client’s secret', 'a long random string'),
  OIDC_CLIENT_SECRET_OTHER: variable(
    z.string(),
    'the next client secret, tried if the provider refuses `OIDC_CLIENT_SECRET`; empty for none',
    'a long random string',
    '',
  ),
  OIDC_SCOPES: variable(z.string(), 'scopes to request, separated by spaces', 'openid profile email groups', ''),
  OIDC_GROUPS_CLAIM: variable(text, 'the claim that lists a person’s groups', 'groups', 'groups'),
  OIDC_GROUPS_OVERAGE: variable(
    z.string().refine(isGraphOrigin),
    `for people with too many groups for a token (Microsoft Entra ID): refuse, or the Microsoft Graph to read them from: ${graphOrigins.join(', ')}`,
    'https://graph.microsoft.com',
    'refuse',
  ),
  OIDC_SUBJECT_CLAIM: variable(
    z.string().refine(isSubjectClaim),
    'the ID token claim that identifies a person: sub, oid, or your own that never changes and is never reassigned; not email, preferred_username or upn',
    'oid',
    'sub',
  ),
  OIDC_ALGORITHMS: variable(
    list.pipe(z.array(z.string().regex(/^((RS|PS|ES)(256|384|512)|EdDSA|Ed25519)$/))),
    'accepted signature algorithms, separated by commas: RS, PS and ES with 256, 384 or 512, EdDSA, Ed25519',
    'PS256,ES256',
    '',
  ),
  OIDC_NAME: variable(
    z
      .string()
      .trim()
      .min(1)
      .max(60)
      .regex(/^[^\p{C}]*$/u),
    'the identity provider’s name, if there are several',
    'Example Inc.',
    'single sign-on',
  ),
  SPACEPORT_FURTHER_PROVIDERS: variable(
    z.string().regex(/^(\/.+)?$/),
    'the absolute path of a JSON file with more identity providers; empty for none',
    '/etc/spaceport/providers.json',
    '',
  ),
  OIDC_LOGOUT_ENDS_CREDENTIALS: variable(
    yesOrNo,
    'yes or no: whether a back-channel logout (by `sub`, without `sid`) also ends the person’s credentials',
    'no',
    'yes',
  ),
  OIDC_RECHECK_MINUTES: count(
    'minutes between checks of signed-in people with the identity provider (0: never)',
    0,
    480,
    '10',
    '10',
  ),
  SCIM_SUBJECT: variable(
    z.enum(['externalId', 'userName']),
    'the SCIM attribute that equals the claim of `OIDC_SUBJECT_CLAIM`: externalId or userName',
    'externalId',
    'externalId',
  ),
  SPACEPORT_ADMIN_GROUPS: variable(list, 'groups of platform admins, separated by commas', 'platform-admins', ''),
  SPACEPORT_ADMINS: variable(
    people,
    'platform admins, as sub:SUBJECT or verified email address, separated by commas',
    'sub:10769150350006150715113082367,alice@example.com',
    '',
  ),
  SPACEPORT_ADMIN_MINUTES: count(
    'the longest activation of the platform admin role, in minutes (0: always active)',
    0,
    720,
    '60',
    '0',
  ),
  SPACEPORT_AUDITOR_GROUPS: variable(list, 'groups of auditors, separated by commas', 'auditors', ''),
  SPACEPORT_AUDITORS: variable(
    people,
    'auditors, as in SPACEPORT_ADMINS, separated by commas',
    'sub:11042297532806150715113082367',
    '',
  ),
  SPACEPORT_SIGN_IN_GROUPS: variable(
    listWithoutGaps.pipe(z.array(signInGroup)),
    'groups whose members may sign in, separated by commas; empty for no limit',
    'engineering,contractors',
    '',
  ),
  SPACEPORT_SIGN_IN_DOMAINS: variable(
    listWithoutGaps.pipe(z.array(signInDomain)),
    'domains of verified email addresses that may sign in, ASCII without *, separated by commas; empty for no limit',
    'example.com,example.org',
    '',
  ),
  SPACEPORT_PUSHED_PRIVILEGED_GROUPS: variable(
    list,
    'privileged groups that SCIM may push (for platform roles, sign-in, decisions or exemptions), separated by commas',
    'platform-admins',
    '',
  ),
  SPACEPORT_NAMESPACE_PREFIX: variable(
    z
      .string()
      .regex(/^[a-z0-9][-a-z0-9]{0,30}$/)
      .transform((value) => (value === 'none' ? '' : value)),
    'a namespace prefix (lowercase letters, digits, hyphens, at most 31 characters), or none',
    'team-',
  ),
  SPACEPORT_RESERVED_NAMES: variable(
    list.pipe(z.array(z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/))),
    'names that no space may have, besides the built-in ones, separated by commas',
    'platform,billing',
    '',
  ),
  SPACEPORT_NAME_RESERVED_DAYS: count(
    'days for which a deleted space’s name stays reserved for its former owner',
    0,
    3650,
    '30',
    '30',
  ),
  SPACEPORT_DENIED_CIDRS: variable(
    list.pipe(z.array(z.string().refine(isDeniableCidr))),
    'address ranges that pods of spaces can’t reach (CIDR by the first address, IPv4 or IPv6, not all), separated by commas',
    '10.0.0.0/8,fd00::/8',
    '',
  ),
  SPACEPORT_DNS_PEERS: variable(
    list.pipe(z.array(dnsPeer)),
    'DNS servers for pods of spaces, besides port 53 in kube-system: addresses, or namespaces with port 53 or 5353, separated by commas',
    '169.254.20.10,openshift-dns:5353',
    '',
  ),
  SPACEPORT_INGRESS_SUFFIXES: variable(
    list.pipe(
      z.array(
        z
          .string()
          .max(189)
          .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/),
      ),
    ),
    'suffixes of hosts in spaces’ Ingresses (lowercase, no leading dot), separated by commas',
    'apps.example.com',
    '',
  ),
  SPACEPORT_PLATFORM_NAMESPACES: variable(
    list.pipe(z.array(z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$|^[a-z0-9][-a-z0-9]{0,61}\*$/))),
    'platform namespaces, besides the built-in ones, by name or as prefix*, separated by commas; no space takes these names or opens its network to them',
    'billing,infra-*',
    '',
  ),
  KUBECONFIG: variable(z.string(), 'the path of a kubeconfig', '/etc/spaceport/kubeconfig', ''),
  SPACEPORT_CLUSTERS: variable(
    list.pipe(
      z
        .array(
          z
            .string()
            .regex(/^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?=.+$/)
            .transform((item) => ({
              name: item.slice(0, item.indexOf('=')),
              context: item.slice(item.indexOf('=') + 1),
            })),
        )
        .refine((clusters) => new Set(clusters.map(({ name }) => name)).size === clusters.length),
    ),
    'clusters as name=context, separated by commas; the first is the default',
    'prod=prod-eu,lab=lab-eu',
    '',
  ),
  SPACEPORT_GIT_IDENTITIES: variable(
    list.pipe(
      z
        .array(
          z
            .string()
            .regex(
              /^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?\/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?=[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
            )
            .transform((item) => {
              const [cluster = '', namespace = '', handle = ''] = item.split(/[/=]/)
              return { cluster, namespace, handle }
            }),
        )
        .refine(
          (given) => new Set(given.map(({ cluster, namespace }) => `${cluster}/${namespace}`)).size === given.length,
        ),
    ),
    'namespaces of Space objects, with the person each acts as: cluster/namespace=handle, separated by commas',
    'default/team-a=alice-1a2b3c',
    '',
  ),
  SPACEPORT_SPACE_LIMIT: count('how many spaces a person may own', 0, 1000, '5', '5'),
  SPACEPORT_MAX_SIZE: variable(z.enum(['S', 'M', 'L']), 'the largest size without approval: S, M or L', 'M', 'M'),
  SPACEPORT_DIRECTORY: variable(
    z.enum(['open', 'exact']),
    'how to find people when adding members: open (by part of a name) or exact (by full handle or group name)',
    'exact',
    'open',
  ),
  SPACEPORT_HELP_URL: variable(
    z.union([z.literal(''), safeUrl]),
    'your company’s help page for Spaceport, https unless on this machine; empty for none',
    'https://wiki.example.com/spaceport',
    '',
  ),
  SPACEPORT_CLUSTER_READABLE: variable(
    list.pipe(z.array(z.string().regex(/^[a-z][-a-z0-9]*(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/))),
    'readable cluster-scoped kinds, as resource.group, separated by commas',
    'storageclasses.storage.k8s.io,nodes',
    'storageclasses.storage.k8s.io,ingressclasses.networking.k8s.io,priorityclasses.scheduling.k8s.io',
  ),
  GATEWAY_LISTEN: variable(listen, 'address and port for the gateway', '0.0.0.0:8443', '0.0.0.0:8443'),
  GATEWAY_SHARES_PORT: variable(
    yesOrNo,
    'yes or no: whether gateway processes on one machine share the port of `GATEWAY_LISTEN` (SO_REUSEPORT; not on macOS)',
    'yes',
    'no',
  ),
  GATEWAY_ADMIN_LISTEN: variable(
    z.literal('').or(listen),
    'address and port for the gateway’s readiness and metrics; empty for none',
    '127.0.0.1:9091',
    '',
  ),
  GATEWAY_TLS_CERT: variable(text, 'the path of the gateway’s certificate chain (PEM)', '/etc/spaceport/tls.crt'),
  GATEWAY_TLS_KEY: variable(text, 'the path of the gateway’s private key (PEM)', '/etc/spaceport/tls.key'),
  GATEWAY_CONNECTIONS_PER_SOURCE: count('gateway connections per client address', 0, 20_000, '5000', '2000'),
  GATEWAY_TRAIL_COMMANDS: variable(
    z.enum(['on', 'off']),
    'on or off: whether the trail keeps arguments of commands run in containers, which may hold secrets',
    'off',
    'on',
  ),
  GATEWAY_TLS_CA: variable(
    z.string(),
    'the path of the CA for kubeconfigs (PEM); empty if the certificate is publicly trusted',
    '/etc/spaceport/ca.crt',
    '',
  ),
  WEB_KEEP_ALIVE_SECONDS: count('seconds for which the portal keeps idle connections open', 1, 3_600, '620', '65'),
  SPACEPORT_TRUSTED_HOPS: count('how many reverse proxies are in front of the portal', 0, 10, '1', '0'),
  SPACEPORT_WITHOUT_FENCES: variable(
    z.enum(['open', 'read-only', 'closed']),
    'access to clusters without their admission policies in force: open, read-only or closed',
    'read-only',
    'read-only',
  ),
  WEB_ADMIN_LISTEN: variable(
    z.literal('').or(listen),
    'address and port for the portal’s readiness and metrics; empty for none',
    '127.0.0.1:9092',
    '',
  ),
  WORKER_LISTEN: variable(
    z.literal('').or(listen),
    'address and port for the worker’s health and metrics; empty for none',
    '127.0.0.1:9090',
    '',
  ),
  WORKER_AUDIT_LISTEN: variable(
    z.literal('').or(listen),
    'address and port for cluster audit; empty for none',
    '0.0.0.0:9443',
    '',
  ),
  WORKER_AUDIT_TLS_CERT: variable(
    z.string(),
    'the path of its certificate chain (PEM); required with WORKER_AUDIT_LISTEN',
    '/etc/spaceport/audit.crt',
    '',
  ),
  WORKER_AUDIT_TLS_KEY: variable(
    z.string(),
    'the path of its private key (PEM); required with WORKER_AUDIT_LISTEN',
    '/etc/spaceport/audit.key',
    '',
  ),
  WORKER_AUDIT_CONTROLLERS: variable(
    list,
    'controllers left out of direct access in the trail, besides Kubernetes’ own, as user names and groups, separated by commas',
    'system:serviceaccounts:argocd,system:serviceaccount:cert-manager:cert-manager',
    '',
  ),
  SPACEPORT_CHECKPOINT_KEY: variable(
    z.literal('').or(z.string().refine(isCheckpointKey)),
    'the Ed25519 private key that signs trail checkpoints, PEM (PKCS #8) or its base64; empty for no checkpoints',
    'the output of `openssl genpkey -algorithm ed25519`',
    '',
  ),
  SMTP_URL: variable(
    z.literal('').or(url(['smtp:', 'smtps:']).refine(isMailServer)),
    'the mail server, as smtp(s)://user:password@host:port; empty for no mail',
    'smtps://spaceport:secret@mail.example.com:465',
    '',
  ),
  SMTP_FROM: variable(
    z.literal('').or(
      z
        .string()
        .max(320)
        .regex(/^[^\p{Cc}<>]*<[^\p{Cc}<>@\s]+@[^\p{Cc}<>@\s]+>$|^[^\p{Cc}<>@\s]+@[^\p{Cc}<>@\s]+$/u),
    ),
    'the sender of mail, as an address or Name <address>',
    'Spaceport <spaceport@example.com>',
    '',
  ),
  SPACEPORT_WEBHOOK_SECRET: variable(
    z.literal('').or(z.string().min(32)),
    'a random secret of at least 32 characters that encrypts people’s webhooks; empty for no webhooks',
    'the output of `openssl rand -base64 48`',
    '',
  ),
  SPACEPORT_WEBHOOK_ALLOWED_HOSTS: variable(
    list.pipe(z.array(z.string().refine((item) => parseWebhookHost(item) !== null))),
    'non-public hosts (host or host:port) and ranges (CIDR) that webhooks may use, separated by commas',
    'chat.example.com,10.20.0.0/16,localhost:9000',
    '',
  ),
  SPACEPORT_TRAIL_WEBHOOK_URL: variable(
    z.literal('').or(safeUrl.refine((v) => URL.canParse(v) && new URL(v).username + new URL(v).password === '')),
    'the URL that receives the trail as CloudEvents, https unless on this machine; empty for none',
    'https://siem.example.com/spaceport',
    '',
  ),
  SPACEPORT_TRAIL_WEBHOOK_TOKEN: variable(
    z.string().regex(/^[\x21-\x7e]*$/),
    'a bearer token for each batch; empty for none',
    'the token of your receiver',
    '',
  ),
  SPACEPORT_TRAIL_WEBHOOK_SECRET: variable(
    z.literal('').or(
      z
        .string()
        .regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/)
        .refine((v) => Buffer.from(v.slice('whsec_'.length), 'base64').length >= 24),
    ),
    'a Standard Webhooks secret that signs each batch: whsec_ and at least 24 bytes in base64; empty for no signature',
    'whsec_ and the output of `openssl rand -base64 32`',
    '',
  ),
  SPACEPORT_TRAIL_WEBHOOK_CA: variable(
    z.string(),
    'the path of the receiver’s CA (PEM); empty if publicly trusted',
    '/etc/spaceport/siem-ca.crt',
    '',
  ),
  SPACEPORT_TRAIL_SYSLOG_URL: variable(
    z.literal('').or(z.string().refine(isSyslogServer)),
    'the syslog server that receives the trail over TLS, as tls://host:port; empty for none',
    'tls://syslog.example.com:6514',
    '',
  ),
  SPACEPORT_TRAIL_SYSLOG_CA: variable(
    z.string(),
    'the path of the syslog receiver’s CA (PEM); empty if publicly trusted',
    '/etc/spaceport/syslog-ca.crt',
    '',
  ),
  SPACEPORT_TRAIL_SYSLOG_CERT: variable(
    z.string(),
    'the path of the worker’s client certificate chain for syslog (PEM); empty for none',
    '/etc/spaceport/syslog-client.crt',
    '',
  ),
  SPACEPORT_TRAIL_SYSLOG_KEY: variable(
    z.string(),
    'the path of its private key (PEM); empty for none',
    '/etc/spaceport/syslog-client.key',
    '',
  ),
  LOG_LEVEL: variable(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']),
    'one of trace, debug, info, warn, error, fatal',
    'info',
    'info',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(
    z.union([z.literal(''), safeUrl]),
    'the URL of an OpenTelemetry collector (OTLP over HTTP), without /v1/traces, https unless on this machine; empty for no traces',
    'https://otel-collector.monitoring:4318',
    '',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: variable(
    otlpHeaders,
    'headers for each export, as name=value with encoded values, separated by commas; empty for none',
    'authorization=Bearer%20secret',
    '',
  ),
  OTEL_TRACES_SAMPLER_ARG: variable(
    z
      .string()
      .regex(/^(?:0(?:\.\d{1,6})?|1(?:\.0)?)$/)
      .transform(Number),
    'the share of requests to trace, from 0 to 1',
    '0.1',
    '1',
  ),
} as const

type Variables = typeof variables
export type VariableName = keyof Variables

/**
 * @returns the error for a variable with a value that parses but is unusable.
 * @param why a part of a sentence
 */
export const notUsable = (name: VariableName, why: string): ConfigurationError =>
  new ConfigurationError([
    `${name} is not usable: ${why}; expected ${variables[name].expected}, for example ${variables[name].example}`,
  ])
type ValueOf<V> = V extends Variable<infer T> ? T : never
type Values<N extends VariableName> = { [K in N]: ValueOf<Variables[K]> }

/**
 * Parses the named variables.
 * @throws ConfigurationError that names every missing or wrong variable, with the expected value and an example
 */
export function parseEnvironment<const N extends VariableName>(
  names: readonly N[],
  environment: Readonly<Record<string, string | undefined>>,
): Values<N> {
  const problems: string[] = []
  const values: Partial<Record<VariableName, unknown>> = {}
  for (const name of names) {
    const { schema, expected, example, fallback }: Variable<unknown> = variables[name]
    const given = environment[name] ?? fallback
    const parsed = given === undefined ? undefined : schema.safeParse(given)
    if (parsed?.success) values[name] = parsed.data
    else
      problems.push(
        `${name} ${given === undefined ? 'is missing' : 'is not usable'}: expected ${expected}, for example ${example}`,
      )
  }
  // Node's own switch: anyone on the network path could impersonate the database, the identity provider or a cluster.
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === '0')
    problems.push(
      'NODE_TLS_REJECT_UNAUTHORIZED is 0, but certificates must be verified; set NODE_EXTRA_CA_CERTS to the path of your CA',
    )
  if (problems.length > 0) throw new ConfigurationError(problems)
  return values as Values<N>
}
