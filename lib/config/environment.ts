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

/** A variable that is missing or wrong. The message names it, says what was expected and gives an example. */
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
/** An empty item is a mistake here, not nothing: a list of blanks would set no limit. */
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

/** A number whose range is a part of what is expected. Digits only: otherwise an empty string would count as 0. */
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

/** The form that OpenTelemetry’s own variable has (opentelemetry.io, “OTLP exporter configuration”). */
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

/** Every variable that Spaceport reads: what is expected, an example, and the default if it has one. */
export const variables = {
  SPACEPORT_URL: variable(
    safeUrl
      .refine((v) => URL.canParse(v) && /^\/?$/.test(new URL(v).pathname + new URL(v).search))
      .transform((v) => new URL(v).origin),
    'the portal’s own URL, https unless it is on this machine',
    'https://spaceport.example.com',
  ),
  SPACEPORT_GATEWAY_URL: variable(
    url(['https:']).transform((v) => v.replace(/\/+$/, '')),
    'the URL under which kubectl reaches the gateway',
    'https://kube.example.com:8443',
  ),
  DATABASE_URL: variable(
    z.string().refine(isSafeDatabaseUrl),
    'a Postgres connection URL with sslmode=verify-full, unless Postgres is on this machine; sslmode=disable allows an unencrypted connection to another machine',
    'postgresql://spaceport_web_login:secret@db.example.com/spaceport?sslmode=verify-full',
  ),
  DATABASE_DIRECT_URL: variable(
    z.literal('').or(z.string().refine(isSafeDatabaseUrl)),
    'where DATABASE_URL leads to PgBouncer in transaction mode: a connection URL of Postgres itself, with the same login and the same rules; empty when DATABASE_URL leads to Postgres',
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
    'logins as process=login, separated by commas, one of its own for each of web, worker and gateway',
    'web=spaceport_web_login,worker=spaceport_worker_login,gateway=spaceport_gateway_login',
    '',
  ),
  DATABASE_CONNECTIONS: count('how many connections one pool for queries may open', 2, 100, '8', '4'),
  DATABASE_LOCK_CONNECTIONS: count('how many connections may hold locks of one cluster’s spaces', 2, 100, '16', '8'),
  NEXTAUTH_SECRET: variable(
    z.string().min(32),
    'a random secret of at least 32 characters',
    'the output of `openssl rand -base64 48`',
  ),
  NEXTAUTH_SECRET_OTHER: variable(
    z.literal('').or(z.string().min(32)),
    'while `NEXTAUTH_SECRET` is replaced, the next one, then the former one: what it sealed is read; empty for none',
    'the output of `openssl rand -base64 48`',
    '',
  ),
  OIDC_ISSUER: variable(
    safeUrl,
    'the identity provider’s issuer URL, https unless it is on this machine',
    'https://login.example.com/realms/main',
  ),
  OIDC_CLIENT_ID: variable(text, 'the client id registered there', 'spaceport'),
  OIDC_CLIENT_SECRET: variable(text, 'the client’s secret', 'a long random string'),
  OIDC_CLIENT_SECRET_OTHER: variable(
    z.string(),
    'while the client’s secret is replaced, the next one: tried if the provider refuses `OIDC_CLIENT_SECRET`; empty for none',
    'a long random string',
    '',
  ),
  OIDC_SCOPES: variable(z.string(), 'scopes to ask for, separated by spaces', 'openid profile email groups', ''),
  OIDC_GROUPS_CLAIM: variable(text, 'the claim that lists a person’s groups', 'groups', 'groups'),
  OIDC_GROUPS_OVERAGE: variable(
    z.string().refine(isGraphOrigin),
    `what to do about a person in more groups than fit into a token (Microsoft Entra ID): refuse, or the Microsoft Graph to read them from: ${graphOrigins.join(', ')}`,
    'https://graph.microsoft.com',
    'refuse',
  ),
  OIDC_SUBJECT_CLAIM: variable(
    z.string().refine(isSubjectClaim),
    'the claim of ID tokens that identifies a person: sub, oid, or one of your own that never changes and is never given to somebody else. Not email, preferred_username, upn, or another that can change',
    'oid',
    'sub',
  ),
  OIDC_ALGORITHMS: variable(
    list.pipe(z.array(z.string().regex(/^((RS|PS|ES)(256|384|512)|EdDSA|Ed25519)$/))),
    'algorithms that the identity provider may sign with, separated by commas: RS, PS and ES with 256, 384 or 512, EdDSA, Ed25519',
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
    'what the identity provider is called where there are several',
    'Example Inc.',
    'single sign-on',
  ),
  SPACEPORT_FURTHER_PROVIDERS: variable(
    z.string().regex(/^(\/.+)?$/),
    'the absolute path of a JSON file with further identity providers; empty for none',
    '/etc/spaceport/providers.json',
    '',
  ),
  OIDC_LOGOUT_ENDS_CREDENTIALS: variable(
    yesOrNo,
    'yes or no: whether a back-channel logout of a person (by `sub`, without `sid`) ends their credentials too',
    'no',
    'yes',
  ),
  OIDC_RECHECK_MINUTES: count(
    'after how many minutes the identity provider is asked again about somebody who is signed in, 0 for never',
    0,
    480,
    '10',
    '10',
  ),
  SCIM_SUBJECT: variable(
    z.enum(['externalId', 'userName']),
    'which attribute of a user the identity provider provisions by SCIM is who the person is at sign-in (the claim of `OIDC_SUBJECT_CLAIM`): externalId or userName',
    'externalId',
    'externalId',
  ),
  SPACEPORT_ADMIN_GROUPS: variable(
    list,
    'groups whose members are platform admins, separated by commas',
    'platform-admins',
    '',
  ),
  SPACEPORT_ADMINS: variable(
    people,
    'people who are platform admins, as sub:SUBJECT or by the e-mail address that the provider has verified, separated by commas',
    'sub:10769150350006150715113082367,alice@example.com',
    '',
  ),
  SPACEPORT_ADMIN_MINUTES: count(
    'for how many minutes at most platform admins activate their role, with a reason; 0: they have it all the time',
    0,
    720,
    '60',
    '0',
  ),
  SPACEPORT_AUDITOR_GROUPS: variable(list, 'groups whose members are auditors, separated by commas', 'auditors', ''),
  SPACEPORT_AUDITORS: variable(
    people,
    'people who are auditors, as in SPACEPORT_ADMINS, separated by commas',
    'sub:11042297532806150715113082367',
    '',
  ),
  SPACEPORT_SIGN_IN_GROUPS: variable(
    listWithoutGaps.pipe(z.array(signInGroup)),
    'groups of which one has to sign in as a member, separated by commas; empty for no limit',
    'engineering,contractors',
    '',
  ),
  SPACEPORT_SIGN_IN_DOMAINS: variable(
    listWithoutGaps.pipe(z.array(signInDomain)),
    'domains of verified e-mail addresses with which people may sign in, in ASCII, without *, separated by commas; empty for no limit',
    'example.com,example.org',
    '',
  ),
  SPACEPORT_PUSHED_PRIVILEGED_GROUPS: variable(
    list,
    'groups that SCIM may push although they give a platform role, let people sign in, decide on requests or are exempt, separated by commas',
    'platform-admins',
    '',
  ),
  SPACEPORT_NAMESPACE_PREFIX: variable(
    z
      .string()
      .regex(/^[a-z0-9][-a-z0-9]{0,30}$/)
      .transform((value) => (value === 'none' ? '' : value)),
    'a prefix for namespaces (lowercase letters, digits, hyphens, at most 31 characters), or none',
    'team-',
  ),
  SPACEPORT_RESERVED_NAMES: variable(
    list.pipe(z.array(z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/))),
    'names that no space may have, besides those always reserved, separated by commas',
    'platform,billing',
    '',
  ),
  SPACEPORT_NAME_RESERVED_DAYS: count(
    'for how many days the name of a deleted space stays with its former owner',
    0,
    3650,
    '30',
    '30',
  ),
  SPACEPORT_DENIED_CIDRS: variable(
    list.pipe(z.array(z.string().refine(isDeniableCidr))),
    'ranges of addresses (CIDR by the first address, IPv4 or IPv6, not all) that pods of spaces don’t reach, separated by commas',
    '10.0.0.0/8,fd00::/8',
    '',
  ),
  SPACEPORT_DNS_PEERS: variable(
    list.pipe(z.array(dnsPeer)),
    'where pods of spaces ask for names besides port 53 in kube-system: addresses, or namespaces with port 53 or 5353, separated by commas',
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
    'suffixes of hosts in spaces’ Ingresses (lowercase, no dot in front), separated by commas',
    'apps.example.com',
    '',
  ),
  SPACEPORT_PLATFORM_NAMESPACES: variable(
    list.pipe(z.array(z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$|^[a-z0-9][-a-z0-9]{0,61}\*$/))),
    'namespaces of the platform, besides those always reserved, by name or as a prefix and *, separated by commas: no space has such a name or opens its network to one',
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
    'as whom Space objects are followed, as cluster/namespace=handle, separated by commas',
    'default/team-a=alice-1a2b3c',
    '',
  ),
  SPACEPORT_SPACE_LIMIT: count('how many spaces one person may own', 0, 1000, '5', '5'),
  SPACEPORT_MAX_SIZE: variable(z.enum(['S', 'M', 'L']), 'the largest size that needs no approval: S, M or L', 'M', 'M'),
  SPACEPORT_DIRECTORY: variable(
    z.enum(['open', 'exact']),
    'who finds whom when adding members: open (by part of a name) or exact (by the whole handle or group name)',
    'exact',
    'open',
  ),
  SPACEPORT_HELP_URL: variable(
    z.union([z.literal(''), safeUrl]),
    'where people get help with Spaceport in your company, https unless it is on this machine; empty for nowhere',
    'https://wiki.example.com/spaceport',
    '',
  ),
  SPACEPORT_CLUSTER_READABLE: variable(
    list.pipe(z.array(z.string().regex(/^[a-z][-a-z0-9]*(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/))),
    'cluster-scoped kinds that people may read, as resource.group, separated by commas',
    'storageclasses.storage.k8s.io,nodes',
    'storageclasses.storage.k8s.io,ingressclasses.networking.k8s.io,priorityclasses.scheduling.k8s.io',
  ),
  GATEWAY_LISTEN: variable(listen, 'address and port for the gateway', '0.0.0.0:8443', '0.0.0.0:8443'),
  GATEWAY_SHARES_PORT: variable(
    yesOrNo,
    'yes or no: whether several gateway processes on this machine share the port of `GATEWAY_LISTEN` (SO_REUSEPORT; not on macOS)',
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
  GATEWAY_CONNECTIONS_PER_SOURCE: count(
    'how many connections one address may have to the gateway',
    0,
    20_000,
    '5000',
    '2000',
  ),
  GATEWAY_TRAIL_COMMANDS: variable(
    z.enum(['on', 'off']),
    'on, or off: whether the trail keeps the arguments of commands that people run in containers, which may hold secrets',
    'off',
    'on',
  ),
  GATEWAY_TLS_CA: variable(
    z.string(),
    'the path of the CA that kubeconfigs are to carry (PEM); empty when the certificate is publicly trusted',
    '/etc/spaceport/ca.crt',
    '',
  ),
  WEB_KEEP_ALIVE_SECONDS: count(
    'how many seconds the portal keeps a connection open on which nothing is asked',
    1,
    3_600,
    '620',
    '65',
  ),
  SPACEPORT_TRUSTED_HOPS: count('how many of your reverse proxies are in front of the portal', 0, 10, '1', '0'),
  SPACEPORT_WITHOUT_FENCES: variable(
    z.enum(['open', 'read-only', 'closed']),
    'what the gateway serves of a cluster whose admission policies are not in force: open, read-only or closed',
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
    'address and port where the worker receives the audit of clusters; empty for none',
    '0.0.0.0:9443',
    '',
  ),
  WORKER_AUDIT_TLS_CERT: variable(
    z.string(),
    'the path of the certificate chain for it (PEM); needed with WORKER_AUDIT_LISTEN',
    '/etc/spaceport/audit.crt',
    '',
  ),
  WORKER_AUDIT_TLS_KEY: variable(
    z.string(),
    'the path of its private key (PEM); needed with WORKER_AUDIT_LISTEN',
    '/etc/spaceport/audit.key',
    '',
  ),
  WORKER_AUDIT_CONTROLLERS: variable(
    list,
    'user names and groups of controllers, besides Kubernetes’ own, that the trail leaves out of what happens around the gateway, separated by commas',
    'system:serviceaccounts:argocd,system:serviceaccount:cert-manager:cert-manager',
    '',
  ),
  SPACEPORT_CHECKPOINT_KEY: variable(
    z.literal('').or(z.string().refine(isCheckpointKey)),
    'the Ed25519 private key that signs the trail’s checkpoints: PEM (PKCS #8), or that in base64; empty for no checkpoints',
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
    'the address that mail comes from, alone or as Name <address>',
    'Spaceport <spaceport@example.com>',
    '',
  ),
  SPACEPORT_WEBHOOK_SECRET: variable(
    z.literal('').or(z.string().min(32)),
    'a random secret of at least 32 characters, which seals people’s webhooks in the database; empty for no webhooks',
    'the output of `openssl rand -base64 48`',
    '',
  ),
  SPACEPORT_WEBHOOK_ALLOWED_HOSTS: variable(
    list.pipe(z.array(z.string().refine((item) => parseWebhookHost(item) !== null))),
    'hosts (host or host:port) and ranges (CIDR) to which webhooks may go although they aren’t public, separated by commas',
    'chat.example.com,10.20.0.0/16,localhost:9000',
    '',
  ),
  SPACEPORT_TRAIL_WEBHOOK_URL: variable(
    z.literal('').or(safeUrl.refine((v) => URL.canParse(v) && new URL(v).username + new URL(v).password === '')),
    'where the trail is delivered as CloudEvents, https unless it is on this machine; empty for nowhere',
    'https://siem.example.com/spaceport',
    '',
  ),
  SPACEPORT_TRAIL_WEBHOOK_TOKEN: variable(
    z.string().regex(/^[\x21-\x7e]*$/),
    'a bearer token that goes with each batch; empty for none',
    'the one that your receiver made',
    '',
  ),
  SPACEPORT_TRAIL_WEBHOOK_SECRET: variable(
    z.literal('').or(
      z
        .string()
        .regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/)
        .refine((v) => Buffer.from(v.slice('whsec_'.length), 'base64').length >= 24),
    ),
    'a secret that signs each batch after Standard Webhooks, whsec_ and at least 24 bytes in base64; empty for no signature',
    'whsec_ and the output of `openssl rand -base64 32`',
    '',
  ),
  SPACEPORT_TRAIL_WEBHOOK_CA: variable(
    z.string(),
    'the path of the CA that signs the receiver’s certificate (PEM); empty when it is publicly trusted',
    '/etc/spaceport/siem-ca.crt',
    '',
  ),
  SPACEPORT_TRAIL_SYSLOG_URL: variable(
    z.literal('').or(z.string().refine(isSyslogServer)),
    'where the trail is delivered by syslog over TLS, as tls://host:port; empty for nowhere',
    'tls://syslog.example.com:6514',
    '',
  ),
  SPACEPORT_TRAIL_SYSLOG_CA: variable(
    z.string(),
    'the path of the CA that signs the syslog receiver’s certificate (PEM); empty when it is publicly trusted',
    '/etc/spaceport/syslog-ca.crt',
    '',
  ),
  SPACEPORT_TRAIL_SYSLOG_CERT: variable(
    z.string(),
    'the path of a certificate chain that the worker shows to the syslog receiver (PEM); empty for none',
    '/etc/spaceport/syslog-client.crt',
    '',
  ),
  SPACEPORT_TRAIL_SYSLOG_KEY: variable(
    z.string(),
    'the path of that certificate’s private key (PEM); empty for none',
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
    'the URL of an OpenTelemetry collector that takes OTLP over HTTP, without /v1/traces, https unless it is on this machine; empty for no traces',
    'https://otel-collector.monitoring:4318',
    '',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: variable(
    otlpHeaders,
    'headers that go with each export, as name=value with encoded values, separated by commas; empty for none',
    'authorization=Bearer%20secret',
    '',
  ),
  OTEL_TRACES_SAMPLER_ARG: variable(
    z
      .string()
      .regex(/^(?:0(?:\.\d{1,6})?|1(?:\.0)?)$/)
      .transform(Number),
    'which part of all requests is traced, from 0 to 1',
    '0.1',
    '1',
  ),
} as const

type Variables = typeof variables
export type VariableName = keyof Variables

/** @returns the error for a variable whose value parses but can't be used. @param why a part of a sentence */
export const notUsable = (name: VariableName, why: string): ConfigurationError =>
  new ConfigurationError([
    `${name} is not usable: ${why}; expected ${variables[name].expected}, for example ${variables[name].example}`,
  ])
type ValueOf<V> = V extends Variable<infer T> ? T : never
type Values<N extends VariableName> = { [K in N]: ValueOf<Variables[K]> }

/**
 * Parses the named variables.
 * @throws ConfigurationError naming every variable that is missing or wrong, with what was expected and an example
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
  // Node's own switch: anyone on the network path could pose as the database, the identity provider or a cluster.
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === '0')
    problems.push(
      'NODE_TLS_REJECT_UNAUTHORIZED is 0: certificates have to be verified; set NODE_EXTRA_CA_CERTS to the path of your CA',
    )
  if (problems.length > 0) throw new ConfigurationError(problems)
  return values as Values<N>
}
