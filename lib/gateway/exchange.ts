import type { AuditActor } from '#lib/audit/audit-event.ts'
import type { GatewayAction } from '#lib/domain/audit-action.ts'
import type { Access } from '#lib/gateway/credential/access.ts'
import type { Decision } from '#lib/gateway/decision/decision.ts'
import type { Target } from '#lib/gateway/target/parse-target.ts'

/** One request on its way through the steps; each step adds what it found out. */
export type Exchange = {
  /** In the answer, the logs, the trail, and as Audit-ID in the cluster's own audit log. */
  readonly id: string
  readonly method: string
  readonly url: string
  readonly source: string
  readonly upgrade: boolean
  /** How many requests of the same connection came before it and are not answered yet. */
  readonly behind: number
  /** Milliseconds of a clock that never jumps. */
  readonly startedAt: number
  userAgent?: string | undefined
  /** What of the client's headers goes upstream. */
  forward: string[]
  hash?: string
  access?: Access
  /** The number of notices at which `access` was looked up. */
  epoch: number
  target?: Target
  decision?: Decision
  /** The name that a created object is to have, for the trail: it stands in the body. */
  createdName?: string | undefined
}

/** @returns who asks, as the trail names them */
export const actorOf = ({ access }: Exchange): AuditActor =>
  access
    ? { kind: 'user', id: access.person.id, handle: access.person.handle, name: access.person.name }
    : { kind: 'anonymous' }

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
