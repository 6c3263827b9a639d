import type { AuditRoute } from '#lib/kernel/model/audit/cluster-audit.ts'
import {
  brokerUserName,
  gatewayUserName,
  personUserName,
  proofHandle,
  proofNamespace,
  systemNamespace,
  usersNamespace,
} from '#lib/kernel/model/spaces/cluster-names.ts'
import type { ClusterEvent } from './cluster-event.ts'
import { isFenceProof } from './is-fence-proof.ts'
import { isHealthRead } from './is-health-read.ts'
import { isController, isControlPlane } from './kubernetes-controllers.ts'

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
  | 'noted'

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
 * What proves that Spaceport itself sent a request with one of its identities. `intent`: a row that the gateway wrote
 * before the request, for it alone. `note`: such a row for a read and its repeats. `impossible`: Spaceport never sends
 * such a request. `none`: no proof is needed.
 */
export type Proof = 'none' | 'intent' | 'note' | 'impossible'

export type KeptEvent = { route: AuditRoute; verb: ClusterVerb; proof: Proof }

/** The classification of an event, before its namespace is looked up. */
export type Classification = {
  /** The row, or why there is none. */
  keep: KeptEvent | DropReason
  /** The row if the pod's or controller's token was issued to another party; null: it wasn’t such a token. */
  ifIssued: KeptEvent | null
  /** The namespace that may belong to a space; empty: none. */
  namespace: string
  /** The actor's handle, by their user name; empty: not one of Spaceport's people. */
  person: string
  /** Whether the row is kept even if its namespace belongs to no space. */
  everywhere: boolean
  /** Whether this is direct access, if the namespace belongs to a space. */
  isDirectAccess: boolean
  /** The same for a controller's token, if it was issued to another party. */
  isDirectAccessIfIssued: boolean
}

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

/** @returns the handle in the user name of one of Spaceport’s people; empty: it is another user */
const handleIn = (user: string): string => (user.startsWith(peoplePrefix) ? user.slice(peoplePrefix.length) : '')

/**
 * Classifies an event by its own content. The actor is the authenticated user, never the impersonated one.
 * @param ignored the operator’s own controllers: names of users and groups
 */
export function classifyEvent(event: ClusterEvent, ignored: ReadonlySet<string>): Classification {
  const { user, impersonated, resource, code } = event
  const byGateway = user === gatewayUserName
  const byBroker = user === brokerUserName
  const byUs = byGateway || byBroker
  const claimed = impersonated ? handleIn(impersonated.user) : ''
  const own = handleIn(user)
  const person = byGateway ? claimed : own
  const namespace = resource?.namespace ?? ''
  const nothing = {
    ...{ namespace: '', person: '', everywhere: false },
    ...{ isDirectAccess: false, isDirectAccessIfIssued: false, ifIssued: null },
  }
  const refused = isRefused(event)

  if (event.stage === 'RequestReceived') return { ...nothing, keep: 'stage' }
  if (!impersonated && !byUs && own === '' && (isControlPlane(event) || isIgnored(event, ignored)))
    return { ...nothing, keep: 'controller' }
  if ((user === '' || user === 'system:anonymous') && refused) return { ...nothing, keep: 'stranger' }
  if (isFenceProof(event)) return { ...nothing, keep: 'proof' }
  if (isHealthRead(event)) return { ...nothing, keep: 'read' }

  // Spaceport impersonates only its people, except in the proofs of the fences and to read health.
  const asStranger = byUs && impersonated !== null && (claimed === '' || claimed === proofHandle)
  const trail = trailVerb(event, asStranger ? 'everything' : byUs ? 'logs' : 'secrets')
  const route: AuditRoute =
    byGateway && claimed !== '' && !asStranger ? 'gateway' : byBroker && !impersonated ? 'spaceport' : 'around'
  const ofController = !impersonated && isController(event)
  const isPast = route === 'around' && !byUs && !refused
  const [isDirectAccess, isDirectAccessIfIssued] = [isPast && !ofController, isPast && ofController]
  const found = { namespace, person, everywhere: false, isDirectAccess, isDirectAccessIfIssued, ifIssued: null }
  if (typeof trail === 'string') return { ...found, keep: ofController ? 'controller' : trail }
  const { verb, opens, changing } = trail
  // A stream is recorded at its start, everything else at its end.
  const began = event.stage === 'ResponseStarted' && opens && code < 400
  if (!began && event.stage !== 'ResponseComplete' && event.stage !== 'Panic') return { ...found, keep: 'stage' }
  if (event.ofPod && !impersonated && !byUs && own === '' && isOwnServiceAccount(user, namespace))
    return { ...found, keep: 'workload', ifIssued: { route, verb, proof: 'none' } }
  if (ofController) return { ...found, keep: 'controller', ifIssued: { route, verb, proof: 'none' } }
  const ofSpaceport = (namespace === usersNamespace || namespace === systemNamespace) && givesIdentity(event)
  const ofKubernetes = namespace === 'kube-system' && resource?.subresource === 'token'
  const allSecrets = resource !== null && namespace === '' && resource.resource === 'secrets' && resource.group === ''
  // The gateway does all of this only while impersonating a person. The broker never makes changes with impersonation
  // or in the namespace of the proofs, never opens connections, and never reads any of this.
  const stolen =
    (byBroker && (impersonated !== null || !changing || opens || namespace === proofNamespace)) ||
    (byGateway && route !== 'gateway')
  const proof: Proof = stolen ? 'impossible' : route !== 'gateway' ? 'none' : changing ? 'intent' : 'note'
  return {
    ...found,
    keep: { route, verb, proof },
    everywhere:
      stolen || (route !== 'spaceport' && (claimed !== '' || own !== '' || ofSpaceport || ofKubernetes || allSecrets)),
  }
}

/**
 * @returns whether the API server refused authentication or authorization. Status codes of proxied backends don't
 * count.
 */
export const isRefused = ({ code, allowed, forbidden, resource }: ClusterEvent): boolean =>
  forbidden || ((code === 401 || code === 403) && !(allowed && resource?.subresource === 'proxy'))

function isIgnored({ user, groups }: ClusterEvent, ignored: ReadonlySet<string>): boolean {
  return ignored.has(user) || groups.some((group) => ignored.has(group))
}

const isOwnServiceAccount = (user: string, namespace: string): boolean =>
  namespace !== '' && user.startsWith(`system:serviceaccount:${namespace}:`)

/**
 * Whether it can expose tokens of Spaceport’s people or processes: by issuing one, through a Secret, or through a pod.
 */
const givesIdentity = ({ resource }: ClusterEvent): boolean =>
  resource !== null &&
  (resource.subresource === 'token' || (resource.group === '' && ['secrets', 'pods'].includes(resource.resource)))

/** The relevant reads: secrets; also logs, for Spaceport’s identities, which record such reads; or all. */
type Reads = 'secrets' | 'logs' | 'everything'

/** @returns the verb for the trail with its effects, or why the event is irrelevant */
function trailVerb(
  event: ClusterEvent,
  matter: Reads,
): { verb: ClusterVerb; opens: boolean; changing: boolean } | DropReason {
  const { verb, resource } = event
  const all = matter === 'everything'
  const isRead = reads.has(verb) || verb === 'head'
  if (!resource) return isRead && !all ? 'read' : { verb: 'request', opens: false, changing: true }
  if (reviewGroup.test(resource.group) && !all) return 'review'
  const connection = connections.get(resource.subresource)
  if (connection) return { verb: connection, opens: true, changing: true }
  if (changes.has(verb)) return { verb: verb as ClusterVerb, opens: false, changing: true }
  if (!reads.has(verb)) return { verb: 'request', opens: false, changing: true }
  const secrets = resource.resource === 'secrets' && resource.group === ''
  if (!secrets && !all && !(matter === 'logs' && isLog(event))) return 'read'
  return { verb: verb as ClusterVerb, opens: verb === 'watch' || isLog(event), changing: false }
}

/** @returns whether it reads the log of a container */
export const isLog = ({ resource }: ClusterEvent): boolean =>
  resource !== null && resource.group === '' && resource.resource === 'pods' && resource.subresource === 'log'
