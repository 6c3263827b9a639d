import type { AuditRoute } from '#lib/domain/cluster-audit.ts'
import {
  brokerUserName,
  gatewayUserName,
  personUserName,
  proofHandle,
  proofNamespace,
  systemNamespace,
  usersNamespace,
} from '#lib/domain/cluster-names.ts'
import type { ClusterEvent } from './cluster-event.ts'

/** Why an event is not kept. */
export type DropReason =
  | 'stage'
  | 'controller'
  | 'stranger'
  | 'read'
  | 'review'
  | 'proof'
  | 'workload'
  | 'elsewhere'
  | 'often_refused'

/** Verbs of the trail’s rows, without `cluster.`. */
export type ClusterVerb =
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'deletecollection'
  | 'exec'
  | 'attach'
  | 'port-forward'
  | 'proxy'
  | 'get'
  | 'list'
  | 'watch'
  | 'request'

/**
 * What shows that a request with one of Spaceport’s identities came from Spaceport: `intent`, a row that the gateway made
 * durable before it; `impossible`, Spaceport never does such a thing; `none` is needed.
 */
export type Proof = 'none' | 'intent' | 'impossible'

export type Kept = { route: AuditRoute; verb: ClusterVerb; proof: Proof }

/** What an event means, before anything is known about its namespace. */
export type Judged = {
  /** Where the row goes, if there is one. */
  keep: Kept | DropReason
  /** Where it goes if the pod’s token that it was done with was made for somebody; null: it wasn’t done with one. */
  ifIssued: Kept | null
  /** The namespace in which it has to be looked for a space; empty: none. */
  namespace: string
  /** The handle of the person who did it, by the user name; empty: nobody of ours. */
  person: string
  /** Whether the row is kept although its namespace is no space. */
  everywhere: boolean
  /** Whether this is somebody using the cluster past the gateway, if the namespace is a space. */
  sighted: boolean
}

/** The control plane, by user or by group. */
const controllers: ReadonlySet<string> = new Set([
  'system:kube-controller-manager',
  'system:kube-scheduler',
  'system:apiserver',
  'system:nodes',
  'system:serviceaccounts:kube-system',
])
const changes: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection'])
const reads: ReadonlySet<string> = new Set(['get', 'list', 'watch'])
const connections: ReadonlyMap<string, ClusterVerb> = new Map([
  ['exec', 'exec'],
  ['attach', 'attach'],
  ['portforward', 'port-forward'],
  ['proxy', 'proxy'],
])
const reviewGroup = /^auth(entic|oriz)ation\.k8s\.io$/
const peoplePrefix = personUserName('')

/** @returns the handle in the user name of one of Spaceport’s people; empty: it is nobody’s */
const handleIn = (user: string): string => (user.startsWith(peoplePrefix) ? user.slice(peoplePrefix.length) : '')

/**
 * Judges an event by what it says itself. Who did it is the user who authenticated: whoever acts as somebody else is not
 * hidden by whom they act as.
 * @param ignored the operator’s own controllers: names of users and of groups
 */
export function judge(event: ClusterEvent, ignored: ReadonlySet<string>): Judged {
  const { user, impersonated, resource, code } = event
  const byGateway = user === gatewayUserName
  const byBroker = user === brokerUserName
  const claimed = impersonated ? handleIn(impersonated.user) : ''
  const own = handleIn(user)
  const person = byGateway ? claimed : own
  const namespace = resource?.namespace ?? ''
  const nothing = { namespace: '', person: '', everywhere: false, sighted: false, ifIssued: null }
  const refused = isRefused(event)

  if (event.stage === 'RequestReceived') return { ...nothing, keep: 'stage' }
  if (!impersonated && isController(event, ignored)) return { ...nothing, keep: 'controller' }
  if ((user === '' || user === 'system:anonymous') && refused) return { ...nothing, keep: 'stranger' }
  if (byBroker && claimed === proofHandle && isDryRun(event)) return { ...nothing, keep: 'proof' }
  if (byBroker && namespace === proofNamespace) return { ...nothing, keep: 'proof' }

  const spoken = spokenVerb(event)
  const route: AuditRoute = byGateway && claimed !== '' ? 'gateway' : byBroker && !impersonated ? 'spaceport' : 'around'
  const sighted = route === 'around' && !byGateway && !byBroker && !refused
  const found = { namespace, person, everywhere: false, sighted, ifIssued: null }
  if (typeof spoken === 'string') return { ...found, keep: spoken }
  const { verb, opens, changing } = spoken
  // A stream is known when it begins; everything else when it has ended.
  const began = event.stage === 'ResponseStarted' && opens && code < 400
  if (!began && event.stage !== 'ResponseComplete' && event.stage !== 'Panic') return { ...found, keep: 'stage' }
  if (event.ofPod && !impersonated && isOwnServiceAccount(user, namespace))
    return { ...found, keep: 'workload', ifIssued: { route, verb, proof: 'none' } }
  const ofSpaceport = (namespace === usersNamespace || namespace === systemNamespace) && givesIdentity(event)
  const allSecrets = resource !== null && namespace === '' && resource.resource === 'secrets' && resource.group === ''
  // The gateway changes nothing but as a person, and the broker nothing as anybody else.
  const stolen = (byBroker && impersonated !== null) || (byGateway && route !== 'gateway' && changing)
  const proof: Proof = stolen ? 'impossible' : route === 'gateway' && changing ? 'intent' : 'none'
  return {
    ...found,
    keep: { route, verb, proof },
    everywhere: route !== 'spaceport' && (claimed !== '' || own !== '' || ofSpaceport || allSecrets),
  }
}

/** @returns whether the API server let nobody in, or not for this */
export const isRefused = ({ code, forbidden }: ClusterEvent): boolean => code === 401 || code === 403 || forbidden

/** @returns whether nothing was to be written */
export const isDryRun = ({ uri }: ClusterEvent): boolean => /[?&]dryRun=All(?:&|$)/.test(uri)

function isController({ user, groups }: ClusterEvent, ignored: ReadonlySet<string>): boolean {
  const named = (name: string) => controllers.has(name) || ignored.has(name)
  return named(user) || groups.some(named)
}

const isOwnServiceAccount = (user: string, namespace: string): boolean =>
  namespace !== '' && user.startsWith(`system:serviceaccount:${namespace}:`)

/** Whether it leads to the tokens of Spaceport’s people or processes: by making one, by a Secret, or through a pod. */
const givesIdentity = ({ resource }: ClusterEvent): boolean =>
  resource !== null &&
  (resource.subresource === 'token' || (resource.group === '' && ['secrets', 'pods'].includes(resource.resource)))

/** @returns the verb as a person would say it, and what it does; or why it is of no interest */
function spokenVerb({
  verb,
  resource,
}: ClusterEvent): { verb: ClusterVerb; opens: boolean; changing: boolean } | DropReason {
  if (!resource) return reads.has(verb) || verb === 'head' ? 'read' : { verb: 'request', opens: false, changing: true }
  if (reviewGroup.test(resource.group)) return 'review'
  const connection = connections.get(resource.subresource)
  if (connection) return { verb: connection, opens: true, changing: true }
  if (changes.has(verb)) return { verb: verb as ClusterVerb, opens: false, changing: true }
  if (!reads.has(verb)) return { verb: 'request', opens: false, changing: true }
  const secrets = resource.resource === 'secrets' && resource.group === ''
  return secrets ? { verb: verb as ClusterVerb, opens: verb === 'watch', changing: false } : 'read'
}
