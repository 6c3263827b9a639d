import type { AuditActor } from '#lib/audit/audit-event.ts'
import type { GatewayAction } from '#lib/domain/audit-action.ts'
import type { Access } from '#lib/gateway/credential/access.ts'
import type { Decision } from '#lib/gateway/decision/decision.ts'
import type { ClientHeaders } from '#lib/gateway/request/request-headers.ts'
import type { Target } from '#lib/gateway/target/parse-target.ts'

/** One request as it came in. */
export type Exchange = {
  /** In the answer, the logs, the trail, and as Audit-ID in the cluster's own audit log. */
  readonly id: string
  readonly method: string
  readonly url: string
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[]
  readonly source: string
  readonly upgrade: boolean
  /** How many requests of the same connection came before it and are not answered yet. */
  readonly behind: number
  /** Milliseconds of a clock that never jumps. */
  readonly startedAt: number
}

/** What is known of a request so far, for the trail, the logs and the metrics. Each step passes on a fuller one. */
export type Known = {
  readonly exchange: Exchange
  readonly headers?: ClientHeaders
  readonly target?: Target
  readonly access?: Access
  readonly decision?: Decision
  /** The name of the object that is created: it is in the body. */
  readonly createdName?: string | undefined
}

/** @returns who asks, as the trail names them */
export const actorOf = ({ access }: Known): AuditActor =>
  access
    ? { kind: 'user', id: access.person.id, handle: access.person.handle, name: access.person.name }
    : { kind: 'anonymous' }

/** @returns whether it goes on until somebody ends it: a watch, a followed log, an upgrade */
export const isStream = ({ exchange, target }: Known): boolean =>
  exchange.upgrade || (target?.kind === 'resource' && target.endless)

/** What the trail calls a request by, without `kubectl.` before it. */
type GatewayVerb = GatewayAction extends `kubectl.${infer V}` ? V : never

const streamNames: ReadonlyMap<string, 'exec' | 'attach' | 'port-forward' | 'proxy'> = new Map([
  ['exec', 'exec'],
  ['attach', 'attach'],
  ['portforward', 'port-forward'],
  ['proxy', 'proxy'],
])

/** @returns the verb as a person would say it: `exec` rather than `get pods/exec` */
export function spokenVerb(target: Target | undefined): GatewayVerb {
  if (!target) return 'request'
  if (target.kind === 'other') return target.verb
  return streamNames.get(target.subresource) ?? target.verb
}

/** @returns whether it reads what Secrets hold */
export const readsSecrets = (target: Target): boolean =>
  target.kind === 'resource' &&
  target.group === '' &&
  target.resource === 'secrets' &&
  (target.verb === 'get' || target.verb === 'list' || target.verb === 'watch')

/** Reviews of one's own rights are questions, though they are created. */
const questions = new Set([
  'selfsubjectaccessreviews',
  'selfsubjectrulesreviews',
  'selfsubjectreviews',
  'localsubjectaccessreviews',
])
const reads = new Set(['get', 'list', 'watch', 'head'])

/** @returns whether it changes something or gets inside something, so that the trail has to know before it happens */
export function needsIntent(target: Target): boolean {
  if (target.kind === 'other') return !reads.has(target.verb)
  if (streamNames.has(target.subresource)) return true
  if (reads.has(target.verb)) return false
  return !(questions.has(target.resource) && /^auth(entic|oriz)ation\.k8s\.io$/.test(target.group))
}
