import type { AuditActor, AuditOutcome } from '../audit/audit-event.ts'
import type { AuditWriter } from '../audit/audit-writer.ts'
import type { Db } from '../db/client.ts'
import type { AuditAction } from '../domain/audit-action.ts'
import type { Logger } from '../observability/logger.ts'
import type { IdentityProvider } from './identity-provider.ts'
import type { SignInLimits } from './sign-in-limits.ts'

/** What sign-in works with. */
export type AuthServices = {
  db: Db
  trail: AuditWriter
  log: Logger
  clock: () => Date
  randomBytes: (size: number) => Uint8Array
  provider: IdentityProvider
  limits: SignInLimits
  settings: AuthSettings
}

export type AuthSettings = {
  /** SPACEPORT_URL */
  origin: string
  secret: string
  clientId: string
  clientSecret: string
  scopes: string
  groupsClaim: string
  adminGroups: readonly string[]
  auditorGroups: readonly string[]
}

/** Where a request came from. */
export type RequestOrigin = {
  observer: string
  requestId: string
  sourceAddress?: string | undefined
  userAgent?: string | undefined
}

/** Writes what became of a session into the trail. @throws AppError trail_unavailable */
export function recordSession(
  { trail, clock }: Pick<AuthServices, 'trail' | 'clock'>,
  origin: RequestOrigin,
  event: {
    action: Extract<AuditAction, `session.${string}`>
    actor: AuditActor
    outcome: AuditOutcome
    reason?: string
    detail?: Record<string, unknown>
  },
): Promise<void> {
  const { actor } = event
  const target = actor.kind === 'user' ? { kind: 'session', id: actor.id, name: actor.handle } : { kind: 'session' }
  return trail.append({ ...event, ...origin, at: clock(), target, destination: 'portal' })
}
