/**
 * The fields that Spaceport reads from an API server's audit event
 * (https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/): who requested what, from where, and the
 * outcome. Request and response bodies are never read.
 */
export type ClusterEvent = {
  auditId: string
  stage: string
  verb: string
  uri: string
  user: string
  groups: readonly string[]
  /** How the user authenticated: `X509SHA256=…` or `JTI=…`; empty: neither. */
  credential: string
  /** Whether the token is bound to a pod: the workload’s own, or one requested in its name. */
  ofPod: boolean
  /** Whether the token is bound to a node, but not to a pod. */
  ofNode: boolean
  impersonated: { user: string; email: string } | null
  /** Where the connection to the API server came from. */
  address: string
  /** The origins in the request's own headers, which any client can set. */
  forwardedFor: readonly string[]
  userAgent: string
  /** Null: the request names no resource. */
  resource: Resource | null
  code: number
  /** When the API server received the request, in microseconds. */
  at: string
  /** The token that the API server issued in this request, in the format of `credential`; empty: none. */
  issued: string
  /** The authorizer’s reason, which names the binding and the role. */
  reason: string
  /** The authorizer’s decision. If both are false, it wasn’t asked. */
  allowed: boolean
  forbidden: boolean
}
type Resource = { name: string; namespace: string; resource: string; subresource: string; group: string; uid: string }

const maxGroups = 64
const maxAddresses = 5
/** Longer texts are truncated. */
export const maxTextLength = 2_000
/** With the fraction of Kubernetes’ MicroTime (RFC 3339, UTC). */
const instant = /^(2[01]\d\d)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/
const credentialExtra = 'authentication.kubernetes.io/credential-id'
const issuedAnnotation = 'authentication.kubernetes.io/issued-credential-id'
const nodeExtra = 'authentication.kubernetes.io/node-name'
const podExtra = 'authentication.kubernetes.io/pod-name'
const emailExtra = 'spaceport.dev/email'

type Fields = Readonly<Record<string, unknown>>
const none: Fields = {}
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : none
const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, maxTextLength) : '')
const firstText = (value: unknown): string => (Array.isArray(value) ? text(value[0]) : '')
const texts = (value: unknown, most: number): string[] =>
  Array.isArray(value) ? value.slice(-most).filter((each) => typeof each === 'string') : []

/** @returns the event; null: it is invalid or lacks required fields */
export function readClusterEvent(value: unknown): ClusterEvent | null {
  const event = fieldsOf(value)
  const { stage, verb, requestReceivedTimestamp: at } = event
  if (typeof event.auditID !== 'string' || event.auditID === '') return null
  if (typeof stage !== 'string' || typeof verb !== 'string' || typeof at !== 'string') return null
  const time = readInstant(at)
  if (time === null) return null
  const user = fieldsOf(event.user)
  const extra = fieldsOf(user.extra)
  const annotations = fieldsOf(event.annotations)
  const { code } = fieldsOf(event.responseStatus)
  // Headers come first, the connection’s own address last (k8s.io/apimachinery, pkg/util/net, SourceIPs).
  const addresses = texts(event.sourceIPs, maxAddresses)
  return {
    auditId: event.auditID.slice(0, maxTextLength),
    stage,
    verb: verb.slice(0, 100),
    uri: text(event.requestURI),
    user: text(user.username),
    groups: texts(user.groups, maxGroups),
    credential: firstText(extra[credentialExtra]),
    ofPod: firstText(extra[podExtra]) !== '',
    ofNode: firstText(extra[podExtra]) === '' && firstText(extra[nodeExtra]) !== '',
    impersonated: readImpersonated(event.impersonatedUser),
    address: text(addresses.at(-1)),
    forwardedFor: addresses.slice(0, -1),
    userAgent: text(event.userAgent),
    resource: readResource(event.objectRef),
    code: typeof code === 'number' && Number.isInteger(code) ? code : 0,
    at: time,
    issued: text(annotations[issuedAnnotation]),
    reason: text(annotations['authorization.k8s.io/reason']),
    allowed: annotations['authorization.k8s.io/decision'] === 'allow',
    forbidden: annotations['authorization.k8s.io/decision'] === 'forbid',
  }
}

/**
 * Avoids Date, since ten thousand of these are parsed per second.
 * @returns the same instant in ISO 8601, UTC, in milliseconds; null: it is invalid, like 30 February
 */
function readInstant(text: string): string | null {
  const [, year, month, day, hour, minute, second, fraction = ''] = instant.exec(text) ?? []
  if (year === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  if (Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month))) return null
  return `${text.slice(0, 19)}.${fraction.slice(0, 3).padEnd(3, '0')}Z`
}

/** @returns the number of days of a month; 0: there is no such month */
function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month < 1 || month > 12 ? 0 : [4, 6, 9, 11].includes(month) ? 30 : 31
}

function readImpersonated(value: unknown): ClusterEvent['impersonated'] {
  if (value === undefined || value === null) return null
  const { username, extra } = fieldsOf(value)
  return { user: text(username), email: firstText(fieldsOf(extra)[emailExtra]) }
}

function readResource(value: unknown): Resource | null {
  const { resource, subresource, apiGroup, namespace, name, uid } = fieldsOf(value)
  if (typeof resource !== 'string' || resource === '') return null
  return {
    resource: text(resource),
    subresource: text(subresource),
    group: text(apiGroup),
    namespace: text(namespace),
    name: text(name),
    uid: text(uid),
  }
}
