import { deleteSessionRow, expireSession } from '#lib/auth/db/ended-sessions.ts'
import { findSession } from '#lib/auth/db/find-session.ts'
import { touchSession } from '#lib/auth/db/sessions.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import type { BreakGlassUse } from '#lib/kernel/model/people/break-glass-account.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { type PlatformRoleRules, platformRoleAt } from '#lib/kernel/model/people/platform-role.ts'
import type { StoredPolicy } from '#lib/kernel/model/policy/parse-policy.ts'
import type { Policy } from '#lib/kernel/model/policy/policy.ts'
import { hasEnded, hashSessionToken, idleEndOf, sessionTouchMs } from './session-rules.ts'

/** A live session: its person, and its latest end. */
export type LiveSession = {
  id: string
  actor: Actor
  issuer: string
  /** The person's groups that the policy considers. */
  privilegedGroups: string[]
  createdAt: Date
  expiresAt: Date
  /** When it ends without further use. */
  idleEndsAt: Date
  /** When the provider was last asked about the person; null: it can't be asked. */
  recheckedAt: Date | null
  groupsSuspended: boolean
  /** How many items are pending or unread, at most 100; null: not counted. */
  inbox: number | null
  /**
   * The oldest use of the break-glass account that no admin has acknowledged; null: none, or the person is no admin.
   */
  alarm: BreakGlassUse | null
  policy: StoredPolicy | null
}

/** Session tokens are 43 base64url characters; anything else isn't worth a query. */
const tokenShape = /^[A-Za-z0-9_-]{43}$/

/**
 * Checks a session's token against the database, every time. An expired session stays expired; a deactivated person's
 * is removed.
 * @param services with the operator's rules for platform roles
 * @param touch whether this counts as use; a page's automatic requests don't
 * @param count whether to count the person's inbox
 * @returns null: there is no live session with this token
 */
export async function readSession(
  services: PlatformRoleRules & { policy: Pick<Policy, 'pushedPrivilegedGroups'>; pool: Pool; clock: () => Date },
  token: string | undefined,
  { touch = true, count = false }: { touch?: boolean; count?: boolean } = {},
): Promise<LiveSession | null> {
  if (token === undefined || !tokenShape.test(token)) return null
  const { pool, clock } = services
  const hash = hashSessionToken(token)
  const now = clock()
  const session = await findSession(
    pool,
    hash,
    services.policy.pushedPrivilegedGroups,
    count ? { at: now, issuers: services.issuers } : undefined,
  )
  if (!session) return null
  if (session.user.deactivated) {
    await deleteSessionRow(pool, session.id)
    return null
  }
  if (hasEnded(session, now)) {
    await expireSession(pool, session.id)
    return null
  }
  if (touch && now.getTime() - session.lastSeenAt.getTime() >= sessionTouchMs) await touchSession(pool, session.id, now)
  const { id: userId, handle, name, email, groups, issuer } = session.user
  const roleState = platformRoleAt(session.user, services, now)
  return {
    id: session.id,
    actor: { userId, handle, name, email, groups, sessionId: session.id, ...roleState },
    issuer,
    privilegedGroups: session.user.privilegedGroups,
    createdAt: session.createdAt,
    expiresAt: session.expiresAt,
    idleEndsAt: idleEndOf(session),
    recheckedAt: session.recheckedAt,
    groupsSuspended: session.user.groupsSuspended,
    inbox: session.inbox,
    alarm: roleState.isEligible || roleState.isBreakGlass ? session.alarm : null,
    policy: session.policy,
  }
}
