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
  /** When the provider was last asked about the person; null: it can't be. */
  recheckedAt: Date | null
  /** How much waits for the person or is unread, at most 100; null if it wasn't counted. */
  inbox: number | null
  /** The oldest use of the break-glass account that no admin has acknowledged; null: there is none, or it wasn't asked for. */
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
    /** Those that count now. */
    groups: string[]
    /** Those that count for the policy: where groups decide, and are exempt. */
    privilegedGroups: string[]
    /** Whether the provider last named their groups too long ago, so that these and the platform role don't count. */
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

/** As far as anything in the inbox is counted. */
const maxCounted = 100

/** Counts what is in the inbox at an instant; `issuers` are the only providers whose admins are ours. */
export type Counting = { at: Date; issuers: readonly string[] }

/** Versions of earlier releases, and the rules of the configuration, say nothing of who decides. */
const rulesSql = Prisma.sql`(${JSON.stringify(laterRules)}::jsonb || coalesce(p.rules, '{}'))`

/** Only platform admins and the break-glass account learn of it. */
const alarmSql = Prisma.sql`CASE WHEN u.platform_role = 'admin' OR u.admin_until IS NOT NULL THEN ${openAlarmSql} END`

/** The newest version of the policy, if there is any. */
const policySql = Prisma.sql`(SELECT number, rules FROM policy_version ORDER BY number DESC LIMIT 1)`

/** Whether what the provider said of the account `u` is too old, as SQL of a table of one row: worked out once. */
const wordSql = Prisma.sql`(SELECT ${isSuspendedSql('u')} AS paused OFFSET 0)`

/** The account `u` with its `word`, as the inbox lists what waits for it: nothing for a platform admin whose role is paused. */
function personOf(issuers: readonly string[]) {
  const { id, isPlatformAdmin } = accountSql(issuers)
  return { id, isPlatformAdmin: Prisma.sql`(${isPlatformAdmin} AND NOT word.paused)`, acts: true as const }
}

/**
 * @returns how many requests wait for somebody, at most 100. A statement of its own: what the policy says of deciders takes
 *   longer to set up than all else of a session, and concerns few
 */
async function countWaiting(pool: Pool, userId: string, { at, ...groups }: Counting & DecidingGroups): Promise<number> {
  const decider = { person: personOf(groups.issuers), by: decidingByRow(groups), at }
  const [row] = await runSql<{ waiting: number }>(
    pool,
    Prisma.sql`/* kept plan: count-waiting */
    SELECT ${waitingCountSql(decider)} AS waiting
    FROM user_account u LEFT JOIN ${policySql} p ON true
      CROSS JOIN LATERAL ${wordSql} word CROSS JOIN LATERAL ${decidingRowSql(rulesSql)} d
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
 * @param listed groups that count for the policy also where they are pushed
 * @param counting left out: what is in the person's inbox isn't counted
 * @returns the session with its person and their groups and the newest version of the policy, even if expired or deactivated; null: there is none
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
      CROSS JOIN LATERAL ${wordSql} word
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
