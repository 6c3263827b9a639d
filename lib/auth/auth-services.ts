import type { IdentityProvider } from '#lib/auth/provider/identity-provider.ts'
import type { SignInLimits } from '#lib/auth/sign-in/sign-in-limits.ts'
import type { Db } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import type { AuditAction } from '#lib/kernel/model/audit/audit-action.ts'
import type { AuditReason } from '#lib/kernel/model/audit/audit-reason.ts'
import type { Observer } from '#lib/kernel/model/audit/observer.ts'
import type { AuditActor, AuditEventInput, AuditOutcome } from '#lib/kernel/trail/audit-event.ts'
import type { AuditWriter } from '#lib/kernel/trail/audit-writer.ts'
import type { Logger } from '#lib/observability/logger.ts'
import type { AuthSettings } from './auth-settings.ts'

export type SignInProvider = { settings: AuthSettings; provider: IdentityProvider }

/**
 * The services of sign-in. `settings` and `provider` belong to one provider: the main one, unless choose-provider.ts
 * chose another.
 */
export type AuthServices = SignInProvider & {
  db: Db
  pool: Pool
  trail: AuditWriter
  log: Logger
  clock: () => Date
  randomBytes: (size: number) => Uint8Array
  limits: SignInLimits
  further: readonly SignInProvider[]
}

export type RequestOrigin = {
  observer: Observer
  requestId: string
  sourceAddress?: string | undefined
  userAgent?: string | undefined
}

export type SessionEvent = {
  action: Exclude<Extract<AuditAction, `session.${string}`>, 'session.end'>
  actor: AuditActor
  outcome: AuditOutcome
  reason?: AuditReason
  detail?: Record<string, unknown>
}

/** @returns the details of a session for the trail */
export function describeSession(
  { clock }: Pick<AuthServices, 'clock'>,
  origin: RequestOrigin,
  event: SessionEvent,
): AuditEventInput {
  const { actor } = event
  const target = actor.kind === 'user' ? { kind: 'session', id: actor.id, name: actor.handle } : { kind: 'session' }
  return { ...event, ...origin, at: clock(), target, destination: 'portal' }
}

/**
 * Records in the trail that a session began, changed or ended.
 * @throws AppError trail_unavailable
 */
export const recordSession = (
  services: Pick<AuthServices, 'trail' | 'clock'>,
  origin: RequestOrigin,
  event: SessionEvent,
): Promise<void> => services.trail.append(describeSession(services, origin, event))
