import { Prisma } from '#lib/kernel/db/client.ts'
import { openAlarmSql } from '#lib/kernel/db/people/break-glass-alarm-sql.ts'
import {
  accountSql,
  type DecidingGroups,
  decidingByRow,
  decidingRowSql,
  mayWaitSql,
} from '#lib/kernel/db/people/decides-sql.ts'
import {
  groupMemberSql,
  isSuspendedSql,
  knownMemberSql,
  privilegedMemberSql,
} from '#lib/kernel/db/people/group-member-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { otherWaitingCountSql, waitingCountSql } from '#lib/kernel/db/requests/waiting-sql.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import type { PlatformRole } from '#lib/kernel/model/access/role.ts'
import type { BreakGlassUse } from '#lib/kernel/model/people/break-glass-account.ts'
import type { StoredPolicy } from '#lib/kernel/model/policy/parse-policy.ts'
import { laterRules } from '#lib/kernel/model/policy/policy-rules.ts'

export type SessionRecord = {
  id: string
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
  providerSid: string | null
  /** When the provider was last asked about the person; null: it can't be asked. */
  recheckedAt: Date | null
  /** How many items are pending or unread, at most 100; null: not counted. */
  inbox: number | null
  /**
   * The oldest use of the break-glass account that no admin has acknowledged; null: there is none, or it wasn't
   * requested.
   */
  alarm: BreakGlassUse | null
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
    /** Those in effect now. */
    groups: string[]
    /** The groups that the policy considers: groups that decide or are exempt. */
    privilegedGroups: string[]
    /**
     * Whether the provider's last confirmation of the groups is too old, so that they and the platform role are
     * suspended.
     */
    groupsSuspended: boolean
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
  privilegedGroups: string[]
  groupsSuspended: boolean
  mayWait: boolean
}

const maxCounted = 100

/** Counts the inbox at a given time; only admins from these `issuers` count. */
export type Counting = { at: Date; issuers: readonly string[] }

/** Policy versions from earlier releases, and the rules of the configuration, don't mention deciders. */
const rulesSql = Prisma.sql`(${JSON.stringify(laterRules)}::jsonb || coalesce(p.rules, '{}'))`

/** Only platform admins and the break-glass account see it. */
const alarmSql = Prisma.sql`CASE WHEN u.platform_role = 'admin' OR u.admin_until IS NOT NULL THEN ${openAlarmSql} END`

const policySql = Prisma.sql`(SELECT number, rules FROM policy_version ORDER BY number DESC LIMIT 1)`

/** Whether the roles of account `u` are suspended, as SQL of a one-row table, so that Postgres computes it once. */
const suspensionSql = Prisma.sql`(SELECT ${isSuspendedSql('u')} AS paused OFFSET 0)`

/** The account `u` for the inbox query; a platform admin whose role is suspended gets nothing. */
function personOf(issuers: readonly string[]) {
  const { id, isPlatformAdmin } = accountSql(issuers)
  return { id, isPlatformAdmin: Prisma.sql`(${isPlatformAdmin} AND NOT word.paused)`, acts: true as const }
}

/**
 * A separate statement: the policy's rules for deciders take longer to set up than the rest of a session, and few
 * people decide.
 * @returns how many requests the person could decide, at most 100
 */
async function countWaiting(pool: Pool, userId: string, { at, ...groups }: Counting & DecidingGroups): Promise<number> {
  const decider = { person: personOf(groups.issuers), by: decidingByRow(groups), at }
  const [row] = await runSql<{ waiting: number }>(
    pool,
    Prisma.sql`/* kept plan: count-waiting */
    SELECT ${waitingCountSql(decider)} AS waiting
    FROM user_account u LEFT JOIN ${policySql} p ON true
      CROSS JOIN LATERAL ${suspensionSql} word CROSS JOIN LATERAL ${decidingRowSql(rulesSql)} d
    WHERE u.id = ${userId}::uuid`,
  )
  return row?.waiting ?? 0
}

function inboxColumns({ at, ...groups }: Counting & DecidingGroups): Prisma.Sql {
  const person = { ...personOf(groups.issuers), memberships: Prisma.sql`me.memberships` }
  return Prisma.sql`${otherWaitingCountSql({ person, at })} AS inbox,
      ${mayWaitSql(person, decidingByRow(groups), at)} AS "mayWait", ${alarmSql} AS alarm`
}

/**
 * @param tokenHash SHA-256 of the cookie's token
 * @param listed groups that the policy considers even where they are pushed
 * @param counting undefined: don't count the inbox
 * @returns the session with its person, their groups and the newest policy, even if it has expired or the person is
 *   deactivated; null: there is none
 */
export async function findSession(
  pool: Pool,
  tokenHash: Uint8Array<ArrayBuffer>,
  listed: readonly string[],
  counting?: Counting,
): Promise<SessionRecord | null> {
  const [row] = await runSql<Row>(
    pool,
    Prisma.sql`/* kept plan: find-session */
    SELECT s.id, s.created_at AS "createdAt", s.last_seen_at AS "lastSeenAt", s.expires_at AS "expiresAt",
      s.provider_sid AS "providerSid",
      CASE WHEN s.provider_tokens IS NOT NULL THEN s.rechecked_at END AS "recheckedAt", u.id AS "userId", u.issuer, u.handle, u.name, u.email,
      CASE WHEN word.paused THEN 'member' ELSE u.platform_role::text END AS "platformRole",
      u.admin_until AS "adminUntil", u.deactivated_at IS NOT NULL AS deactivated,
      word.paused AND EXISTS (SELECT FROM ${knownMemberSql} m WHERE m.user_id = u.id AND NOT m.pushed) AS "groupsSuspended",
      me.groups, me.privileged_groups AS "privilegedGroups", p.number AS "policyNumber", p.rules::text AS "policyRules",
      ${counting ? inboxColumns({ ...counting, listed }) : Prisma.sql`NULL::int AS inbox, FALSE AS "mayWait", NULL::json AS alarm`}
    FROM session s JOIN user_account u ON u.id = s.user_id
      LEFT JOIN ${policySql} p ON true
      CROSS JOIN LATERAL ${suspensionSql} word
      ${counting ? Prisma.sql`CROSS JOIN LATERAL ${decidingRowSql(rulesSql)} d` : Prisma.empty}
      CROSS JOIN LATERAL (
        SELECT ARRAY(SELECT m."group" FROM ${groupMemberSql} m WHERE m.user_id = u.id ORDER BY 1) AS groups,
          coalesce(array_agg(m."group"), '{}') AS privileged_groups, array_agg(ROW(m."group", m.group_issuer)) AS memberships
        FROM ${privilegedMemberSql(listed)} m WHERE m.user_id = u.id OFFSET 0) me
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
    privilegedGroups,
    groupsSuspended,
    mayWait,
    policyNumber,
    policyRules,
    ...session
  } = row
  const policy = policyNumber === null || policyRules === null ? null : { number: policyNumber, rules: policyRules }
  const account = { id: userId, issuer, handle, name, email, platformRole, adminUntil, deactivated }
  const user = { ...account, groups, privilegedGroups, groupsSuspended }
  const waiting = counting && mayWait ? await countWaiting(pool, userId, { ...counting, listed }) : 0
  const inbox = session.inbox === null ? null : Math.min(session.inbox + waiting, maxCounted)
  return { ...session, inbox, policy, user }
}
