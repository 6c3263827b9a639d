import { isIP } from 'node:net'
import type { Access } from '#lib/gateway/credential/access.ts'
import type { Decision } from '#lib/gateway/decision/decision.ts'
import type { ClientHeaders } from '#lib/gateway/request/request-headers.ts'
import type { ResourceTarget, Target } from '#lib/gateway/target/parse-target.ts'
import type { GatewayAction } from '#lib/kernel/model/audit/audit-action.ts'
import type { AuditActor } from '#lib/kernel/trail/audit-event.ts'

export type Exchange = {
  /** Appears in the answer, the logs, the trail, and as Audit-ID in the cluster's own audit log. */
  readonly id: string
  readonly method: string
  readonly url: string
  /** Names and values alternate. */
  readonly rawHeaders: readonly string[]
  readonly source: string
  readonly upgrade: boolean
  /** How many earlier requests on the connection are unanswered. */
  readonly behind: number
  /** Milliseconds of a clock that never jumps. */
  readonly startedAt: number
}

/** Everything known about a request so far. Each step adds to it. */
export type RequestState = {
  readonly exchange: Exchange
  readonly headers?: ClientHeaders
  readonly target?: Target
  readonly access?: Access
  readonly decision?: Decision
  /** Taken from the body. */
  readonly createdName?: string | undefined
  /** Whether it is certainly a dry run, by its query and body. */
  readonly dryRun?: boolean
}

/**
 * Sets the address of a person in the browser, as the portal forwards it. No other client may set it.
 * @returns the request with that address
 */
export function asForwarded(exchange: Exchange, { forwardedFor }: ClientHeaders, { credential }: Access): Exchange {
  if (!credential.ofSession || forwardedFor === undefined || isIP(forwardedFor) === 0) return exchange
  return { ...exchange, source: forwardedFor }
}

export const senderOf = ({ access }: RequestState): AuditActor =>
  access
    ? { kind: 'user', id: access.person.id, handle: access.person.handle, name: access.person.name }
    : { kind: 'anonymous' }

/** @returns whether it runs until someone ends it: a watch, a followed log, an upgrade */
export const isStream = ({ exchange, target }: RequestState): boolean =>
  exchange.upgrade || (target?.kind === 'resource' && target.endless)

type GatewayVerb = GatewayAction extends `kubectl.${infer V}` ? V : never

const streamNames: ReadonlyMap<string, 'exec' | 'attach' | 'port-forward' | 'proxy'> = new Map([
  ['exec', 'exec'],
  ['attach', 'attach'],
  ['portforward', 'port-forward'],
  ['proxy', 'proxy'],
])

/** @returns the everyday verb: `exec` rather than `get pods/exec` */
export function spokenVerb(target: Target | undefined): GatewayVerb {
  if (!target) return 'request'
  if (target.kind === 'other') return target.verb
  return streamNames.get(target.subresource) ?? target.verb
}

/** @returns whether it reads Secrets or container logs */
export const needsNote = (target: Target): boolean =>
  target.kind === 'resource' &&
  target.group === '' &&
  reads.has(target.verb) &&
  (target.resource === 'secrets' || (target.resource === 'pods' && target.subresource === 'log'))

const isAboutSecrets = (target: Target): target is ResourceTarget =>
  target.kind === 'resource' && target.group === '' && target.resource === 'secrets'

/**
 * @returns whether it is a change whose answer may show contents of Secrets that the sender didn't send: a patch (even
 * an empty one), a deletion that waits for a finalizer or dependents, a deletion of several, dry runs of these
 */
export const returnsSecrets = (target: Target): boolean =>
  isAboutSecrets(target) && (target.verb === 'patch' || target.verb === 'delete' || target.verb === 'deletecollection')

/** Reviews of the caller's own rights are creations that change nothing. */
const questions = new Set([
  'selfsubjectaccessreviews',
  'selfsubjectrulesreviews',
  'selfsubjectreviews',
  'localsubjectaccessreviews',
])
const reads = new Set(['get', 'list', 'watch', 'head'])

/** @returns whether it makes a change or opens a connection */
export function needsIntent(target: Target): boolean {
  if (target.kind === 'other') return !reads.has(target.verb)
  if (streamNames.has(target.subresource)) return true
  if (reads.has(target.verb)) return false
  return !(questions.has(target.resource) && /^auth(entic|oriz)ation\.k8s\.io$/.test(target.group))
}
