import type { StoredPolicy } from '#lib/domain/parse-policy.ts'
import { laterRules } from '#lib/domain/policy-rules.ts'
import type { PlatformRole } from '#lib/domain/role.ts'
import type { SealedUse } from '#lib/domain/sealed-account.ts'
import { Prisma } from './client.ts'
import { accountSql, decidingByRow, decidingRowSql } from './decides-sql.ts'
import { groupMemberSql, isPausedSql, knownMemberSql } from './group-member-sql.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'
import { openAlarmSql } from './sealed-alarm-sql.ts'
import { inboxCountSql } from './waiting-sql.ts'

export type SessionRecord = {
  id: string
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
  providerSid: string | null
  /** When the provider was last asked about the person; null: it can't be. */
  recheckedAt: Date | null
  /** How much waits for the person or is unread, at most 100; null if it wasn't counted. */
  inbox: number | null
  /** The oldest use of the sealed account that no admin has acknowledged; null: there is none, or it wasn't asked for. */
  alarm: SealedUse | null
  /** The newest version of the policy; null: none was saved. */
  policy: StoredPolicy | null
  user: {
    id: string
    issuer: string
    handle: string
    name: string
    email: string
    platformRole: PlatformRole
    adminUntil: Date | null
    deactivated: boolean
    /** Those that count now. */
    groups: string[]
    /** Whether the provider last named their groups too long ago, so that these and the platform role don't count. */
    groupsPaused: boolean
  }
}

type Row = Omit<SessionRecord, 'user' | 'policy'> & {
  policyNumber: number | null
  policyRules: string | null
  userId: string
  issuer: string
  handle: string
  name: string
  email: string
  platformRole: PlatformRole
  adminUntil: Date | null
  deactivated: boolean
  groups: string[]
  groupsPaused: boolean
}

/** Counts what is in the inbox at an instant in the same statement; `issuer` is the only provider whose admins are ours. */
export type Counting = { at: Date; issuer: string }

/** Versions of earlier releases, and the rules of the configuration, say nothing of who decides. */
const rulesSql = Prisma.sql`(${JSON.stringify(laterRules)}::jsonb || coalesce(p.rules, '{}'))`

/** Only platform admins and the sealed account learn of it. */
const alarmSql = Prisma.sql`CASE WHEN u.platform_role = 'admin' OR u.admin_until IS NOT NULL THEN ${openAlarmSql} END`

/** As the inbox lists it: nothing waits for a platform admin whose role is paused. */
function inboxOf({ at, issuer }: Counting): Prisma.Sql {
  const { id, isPlatformAdmin } = accountSql(issuer)
  const person = {
    id,
    isPlatformAdmin: Prisma.sql`(${isPlatformAdmin} AND NOT ${isPausedSql('u')})`,
    acts: true as const,
  }
  return inboxCountSql({ person, by: decidingByRow(issuer), at })
}

/**
 * @param tokenHash SHA-256 of the cookie's token
 * @param counting left out: what is in the person's inbox isn't counted
 * @returns the session with its person and their groups and the newest version of the policy, even if expired or deactivated; null: there is none
 */
export async function findSession(
  pool: Pool,
  tokenHash: Uint8Array<ArrayBuffer>,
  counting?: Counting,
): Promise<SessionRecord | null> {
  const [row] = await runSql<Row>(
    pool,
    Prisma.sql`/* kept plan: find-session */
    SELECT s.id, s.created_at AS "createdAt", s.last_seen_at AS "lastSeenAt", s.expires_at AS "expiresAt",
      s.provider_sid AS "providerSid",
      CASE WHEN s.provider_tokens IS NOT NULL THEN s.rechecked_at END AS "recheckedAt", u.id AS "userId", u.issuer, u.handle, u.name, u.email,
      CASE WHEN ${isPausedSql('u')} THEN 'member' ELSE u.platform_role::text END AS "platformRole",
      u.admin_until AS "adminUntil", u.deactivated_at IS NOT NULL AS deactivated,
      ${isPausedSql('u')} AND EXISTS (SELECT FROM ${knownMemberSql} m WHERE m.user_id = u.id AND NOT m.pushed) AS "groupsPaused",
      ARRAY(SELECT m."group" FROM ${groupMemberSql} m WHERE m.user_id = u.id ORDER BY 1) AS groups, p.number AS "policyNumber", p.rules::text AS "policyRules",
      ${counting ? inboxOf(counting) : Prisma.sql`NULL::int`} AS inbox,
      ${counting ? alarmSql : Prisma.sql`NULL::json`} AS alarm
    FROM session s JOIN user_account u ON u.id = s.user_id
      LEFT JOIN (SELECT number, rules FROM policy_version ORDER BY number DESC LIMIT 1) p ON true
      CROSS JOIN LATERAL ${decidingRowSql(rulesSql)} d
    WHERE s.token_hash = ${tokenHash}`,
  )
  if (!row) return null
  const {
    userId,
    issuer,
    handle,
    name,
    email,
    platformRole,
    adminUntil,
    deactivated,
    groups,
    groupsPaused,
    policyNumber,
    policyRules,
    ...session
  } = row
  const policy = policyNumber === null || policyRules === null ? null : { number: policyNumber, rules: policyRules }
  const user = { id: userId, issuer, handle, name, email, platformRole, adminUntil, deactivated, groups, groupsPaused }
  return { ...session, policy, user }
}
