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
 * What shows that a request with one of Spaceport’s identities came from Spaceport: `intent`, a row of the gateway’s, durable
 * before the request, for it alone; `note`, such a row for this read and its repeats; `impossible`, Spaceport never does such
 * a thing; `none` is needed.
 */
export type Proof = 'none' | 'intent' | 'note' | 'impossible'

export type Kept = { route: AuditRoute; verb: ClusterVerb; proof: Proof }

/** What an event means, before anything is known about its namespace. */
export type Judged = {
  /** Where the row goes, if there is one. */
  keep: Kept | DropReason
  /** Where it goes if the token of a pod or a controller that it was done with was issued to somebody; null: it wasn’t done with one. */
  ifIssued: Kept | null
  /** The namespace in which it has to be looked for a space; empty: none. */
  namespace: string
  /** The handle of the person who did it, by the user name; empty: nobody of ours. */
  person: string
  /** Whether the row is kept although its namespace is no space. */
  everywhere: boolean
  /** Whether this is somebody using the cluster past the gateway, if the namespace is a space. */
  sighted: boolean
  /** The same, of the token of a controller, if that was issued to somebody. */
  sightedIfIssued: boolean
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
  const byUs = byGateway || byBroker
  const claimed = impersonated ? handleIn(impersonated.user) : ''
  const own = handleIn(user)
  const person = byGateway ? claimed : own
  const namespace = resource?.namespace ?? ''
  const nothing = {
    ...{ namespace: '', person: '', everywhere: false },
    ...{ sighted: false, sightedIfIssued: false, ifIssued: null },
  }
  const refused = isRefused(event)

  if (event.stage === 'RequestReceived') return { ...nothing, keep: 'stage' }
  if (!impersonated && !byUs && own === '' && (isControlPlane(event) || isIgnored(event, ignored)))
    return { ...nothing, keep: 'controller' }
  if ((user === '' || user === 'system:anonymous') && refused) return { ...nothing, keep: 'stranger' }
  if (isFenceProof(event)) return { ...nothing, keep: 'proof' }

  // Spaceport impersonates only its people. The proofs of the fences are the exception.
  const asStranger = byUs && impersonated !== null && (claimed === '' || claimed === proofHandle)
  const spoken = spokenVerb(event, asStranger ? 'everything' : byUs ? 'logs' : 'secrets')
  const route: AuditRoute =
    byGateway && claimed !== '' && !asStranger ? 'gateway' : byBroker && !impersonated ? 'spaceport' : 'around'
  const ofController = !impersonated && isController(event)
  const isPast = route === 'around' && !byUs && !refused
  const [sighted, sightedIfIssued] = [isPast && !ofController, isPast && ofController]
  const found = { namespace, person, everywhere: false, sighted, sightedIfIssued, ifIssued: null }
  if (typeof spoken === 'string') return { ...found, keep: ofController ? 'controller' : spoken }
  const { verb, opens, changing } = spoken
  // A stream is known when it begins; everything else when it has ended.
  const began = event.stage === 'ResponseStarted' && opens && code < 400
  if (!began && event.stage !== 'ResponseComplete' && event.stage !== 'Panic') return { ...found, keep: 'stage' }
  if (event.ofPod && !impersonated && !byUs && own === '' && isOwnServiceAccount(user, namespace))
    return { ...found, keep: 'workload', ifIssued: { route, verb, proof: 'none' } }
  if (ofController) return { ...found, keep: 'controller', ifIssued: { route, verb, proof: 'none' } }
  const ofSpaceport = (namespace === usersNamespace || namespace === systemNamespace) && givesIdentity(event)
  const ofKubernetes = namespace === 'kube-system' && resource?.subresource === 'token'
  const allSecrets = resource !== null && namespace === '' && resource.resource === 'secrets' && resource.group === ''
  // The gateway does all of this only as a person. The broker changes nothing as anybody else or where fences are proved,
  // opens nothing, and reads none of this.
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

/** @returns whether the API server let nobody in, or not for this. What is behind its proxies answers for itself */
export const isRefused = ({ code, allowed, forbidden, resource }: ClusterEvent): boolean =>
  forbidden || ((code === 401 || code === 403) && !(allowed && resource?.subresource === 'proxy'))

function isIgnored({ user, groups }: ClusterEvent, ignored: ReadonlySet<string>): boolean {
  return ignored.has(user) || groups.some((group) => ignored.has(group))
}

const isOwnServiceAccount = (user: string, namespace: string): boolean =>
  namespace !== '' && user.startsWith(`system:serviceaccount:${namespace}:`)

/** Whether it leads to the tokens of Spaceport’s people or processes: by making one, by a Secret, or through a pod. */
const givesIdentity = ({ resource }: ClusterEvent): boolean =>
  resource !== null &&
  (resource.subresource === 'token' || (resource.group === '' && ['secrets', 'pods'].includes(resource.resource)))

/** Which reads matter: of secrets; of logs too, by Spaceport’s identities, which say in the trail when they read any; or all. */
type Reads = 'secrets' | 'logs' | 'everything'

/** @returns the verb as a person would say it, and what it does; or why it is of no interest */
function spokenVerb(
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
