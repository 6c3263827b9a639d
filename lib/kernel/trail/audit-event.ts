import type { TrailAction } from '#lib/kernel/model/audit/audit-action.ts'
import type { AuditReason } from '#lib/kernel/model/audit/audit-reason.ts'
import type { Observer, Process } from '#lib/kernel/model/audit/observer.ts'
import type { Destination } from '#lib/kernel/model/spaces/destination.ts'

/** The actor. `system` is Spaceport itself (expiry, drift repair), never a person. */
export type AuditActor =
  | { kind: 'user'; id: string; handle: string; name: string }
  | { kind: 'system'; name: Process }
  /** The identity provider, by a provisioning token. */
  | { kind: 'scim'; id: string; name: string }
  /** Somebody whom a cluster’s own audit names, and who is nobody of Spaceport’s. */
  | { kind: 'cluster'; name: string }
  | { kind: 'anonymous' }

export type AuditOutcome = 'ok' | 'refused' | 'failed'

export type AuditTarget = { kind: string; id?: string | undefined; name?: string | undefined }

/**
 * One row of the trail: what (action), when (at), who (actor), on what (target, space, namespace), where observed
 * (observer), from where (source address, user agent), to where (destination); and the outcome. An intent has none; its
 * outcome row has its id in `intentId`.
 */
export type AuditEventInput = {
  id?: string | undefined
  intentId?: string | undefined
  action: TrailAction
  at: Date
  actor: AuditActor
  target: AuditTarget
  spaceId?: string | undefined
  namespace?: string | undefined
  observer: Observer
  sourceAddress?: string | undefined
  userAgent?: string | undefined
  destination: Destination
  outcome?: AuditOutcome | undefined
  reason?: AuditReason | undefined
  detail?: Readonly<Record<string, unknown>> | undefined
  requestId?: string | undefined
  clusterAuditId?: string | undefined
}
