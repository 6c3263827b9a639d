/**
 * Who decides on a request, by the policy. All lists, counts, notifications, pages and decisions use these conditions:
 * `r` is the request and `s` its space, if any.
 */

import { Prisma } from '#lib/kernel/db/client.ts'
import { living } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { ApprovalRules, Rule } from '#lib/kernel/model/policy/approval-rules.ts'
import { knownPrivilegedSql, privilegedMemberSql } from './group-member-sql.ts'

/**
 * The rule for one kind of request, as SQL: deciders and required approvals. Group and issuer are null unless a group
 * decides.
 */
type Chosen = { who: Prisma.Sql; group: Prisma.Sql; issuer: Prisma.Sql; approvals: Prisma.Sql }

export type Deciding = {
  roles: Chosen
  others: Chosen
  /** The configured providers, without trailing slashes; others' admins and groups don't decide. */
  issuers: readonly string[]
  /** Groups that decide even when they are pushed. */
  listed: readonly string[]
}

/** Which groups may decide: those of the configured providers, and pushed ones that the operator lists. */
export type DecidingGroups = { issuers: readonly string[]; listed: readonly string[] }

const chosen = ({ deciders, approvals }: Rule): Chosen => {
  const { group, issuer } = deciders.who === 'group' ? deciders : { group: null, issuer: null }
  return {
    who: Prisma.sql`${deciders.who}::text`,
    group: Prisma.sql`${group}::text`,
    issuer: Prisma.sql`${issuer}::text`,
    approvals: Prisma.sql`${approvals}::int`,
  }
}

export const decidingBy = ({ roleRequests, spaceRequests }: ApprovalRules, groups: DecidingGroups): Deciding => ({
  roles: chosen(roleRequests),
  others: chosen(spaceRequests),
  ...groups,
})

const kinds = ['roleRequests', 'spaceRequests'] as const satisfies readonly (keyof ApprovalRules)[]
const keys = ['who', 'group', 'issuer'] as const satisfies readonly (keyof Chosen)[]

/**
 * The stored rules as SQL of a table of one row, so that a statement reads them once for all requests.
 * @param rules SQL of their complete JSON
 */
export const decidingRowSql = (rules: Prisma.Sql): Prisma.Sql => {
  const columns = kinds.flatMap((kind) => [
    ...keys.map((key) => Prisma.raw(`x.rules #>> '{${kind},deciders,${key}}' AS "${kind}.${key}"`)),
    Prisma.raw(`(x.rules #>> '{${kind},approvals}')::int AS "${kind}.approvals"`),
  ])
  return Prisma.sql`(SELECT ${Prisma.join(columns)} FROM (SELECT ${rules} AS rules OFFSET 0) x OFFSET 0)`
}

/** @returns the rules, in a statement in which decidingRowSql is the table `d` */
export function decidingByRow(groups: DecidingGroups): Deciding {
  const of = (kind: keyof ApprovalRules): Chosen => {
    const column = (key: keyof Chosen) => Prisma.raw(`d."${kind}.${key}"`)
    return { who: column('who'), group: column('group'), issuer: column('issuer'), approvals: column('approvals') }
  }
  return { roles: of('roleRequests'), others: of('spaceRequests'), ...groups }
}

/** A person with an active account, as SQL. */
export type Person = {
  id: Prisma.Sql
  isPlatformAdmin: Prisma.Sql
  /** Their effective groups, as SQL of an array of (group, issuer); default: looked up. */
  memberships?: Prisma.Sql
  /**
   * Whether this is about what they can do now, without suspended memberships. Default: whom the policy chooses, even
   * if they must sign in again first.
   */
  acts?: true
}

const isMember = ({ id, memberships, acts }: Person, { group, issuer }: Chosen, listed: readonly string[]) =>
  memberships
    ? Prisma.sql`coalesce(ROW(${group}, ${issuer}) = ANY (${memberships}), FALSE)`
    : Prisma.sql`
  EXISTS (SELECT FROM ${acts ? privilegedMemberSql(listed) : knownPrivilegedSql(listed)} m WHERE m.user_id = ${id} AND m."group" = ${group} AND m.group_issuer = ${issuer})`

/** Whether a group of a configured provider decides. */
const isConfiguredGroup = ({ who, issuer }: Chosen, ours: readonly string[]) =>
  Prisma.sql`${who} = 'group' AND ${issuer} = ANY (${[...ours]}::text[])`

/**
 * Whether anyone in the group could decide; otherwise platform admins do. Two members are enough for any requester, so
 * Postgres looks once instead of per request.
 */
const isStaffed = ({ group, issuer }: Chosen, listed: readonly string[]) => Prisma.sql`
  r.requester_id <> ANY (ARRAY(
    SELECT m.user_id FROM ${knownPrivilegedSql(listed)} m JOIN user_account a ON a.id = m.user_id
    WHERE m."group" = ${group} AND m.group_issuer = ${issuer} AND a.deactivated_at IS NULL LIMIT 2))`

const chosenSql = (person: Person, by: Chosen, { issuers, listed }: DecidingGroups): Prisma.Sql => Prisma.sql`(
  ${person.isPlatformAdmin} AND NOT (${isConfiguredGroup(by, issuers)} AND ${isStaffed(by, listed)})
  OR ${isConfiguredGroup(by, issuers)} AND ${isMember(person, by, listed)})`

/**
 * Whether an account belongs to a person, under either spelling of the provider, as SQL.
 * @param person looked up once, unless it differs from row to row
 */
export const isAccountOfSql = (account: Prisma.Sql, person: Prisma.Sql): Prisma.Sql => Prisma.sql`
  ${account} = ANY (ARRAY(
    SELECT d.id FROM user_account q JOIN user_account d
      ON d.subject = q.subject AND d.issuer IN (q.issuer, rtrim(q.issuer, '/'), rtrim(q.issuer, '/') || '/')
    WHERE q.id = ${person}))`

/** Whether the policy chooses a person for `r` (never their own request), as SQL. */
export const isChosenSql = (person: Person, { roles, others, ...groups }: Deciding): Prisma.Sql => Prisma.sql`(
  (r.kind = 'role' AND (${chosenSql(person, roles, groups)} OR ${roles.who} = 'owner' AND s.owner_id = ${person.id})
    OR r.kind <> 'role' AND ${chosenSql(person, others, groups)})
  AND NOT ${isAccountOfSql(Prisma.sql`r.requester_id`, person.id)})`

/** Whether anyone decides on `r`, as SQL: no one if its space is deleted or being deleted. */
export const isDecidableSql: Prisma.Sql = Prisma.sql`(r.kind = 'space' OR ${living})`

/** Whether a person decides on `r`, as SQL. */
export const decidesSql = (person: Person, by: Deciding): Prisma.Sql => Prisma.sql`
  (${isDecidableSql} AND ${isChosenSql(person, by)})`

const isNamedSql = (person: Person, { roles, others, issuers, listed }: Deciding): Prisma.Sql => Prisma.sql`
  (${isConfiguredGroup(roles, issuers)} AND ${isMember(person, roles, listed)} OR ${isConfiguredGroup(others, issuers)} AND ${isMember(person, others, listed)})`

/** Whether any open request could wait for a person, as SQL: fast, with false positives. */
export const mayWaitSql = (person: Person, by: Deciding, at: Date): Prisma.Sql => Prisma.sql`
  CASE WHEN ${person.isPlatformAdmin} OR ${isNamedSql(person, by)}
    THEN EXISTS (SELECT FROM request r WHERE r.state = 'open' AND r.expires_at > ${at})
    ELSE EXISTS (SELECT FROM space s JOIN request r ON r.space_id = s.id
      WHERE s.owner_id = ${person.id} AND r.state = 'open' AND r.kind = 'role' AND r.expires_at > ${at}) END`

/** The accounts `u` that can decide on `r`, as a condition. An index first excludes most others. */
export const ableSql = (by: Deciding): Prisma.Sql => Prisma.sql`
  u.deactivated_at IS NULL
  AND (u.platform_role = 'admin' OR u.id = s.owner_id OR u.id IN (
    SELECT m.user_id FROM ${knownPrivilegedSql(by.listed)} m
    WHERE m."group" = ${by.roles.group} AND m.group_issuer = ${by.roles.issuer}
      OR m."group" = ${by.others.group} AND m.group_issuer = ${by.others.issuer}))
  AND ${decidesSql(accountSql(by.issuers), by)}`

/** An account `u`. Its platform role counts only if it comes from a configured provider. */
export const accountSql = (issuers: readonly string[]): Person => ({
  id: Prisma.sql`u.id`,
  isPlatformAdmin: Prisma.sql`(u.platform_role = 'admin' AND rtrim(u.issuer, '/') = ANY (${[...issuers]}::text[]))`,
})

/** Whether a person has approved the current version of `r`, as SQL. */
export const hasApprovedSql = (id: Prisma.Sql): Prisma.Sql => Prisma.sql`
  EXISTS (SELECT FROM request_approval p
    WHERE p.request_id = r.id AND p.payload_hash = r.payload_hash AND p.approver_id = ${id})`

/** Whether `r` has enough approvals, as SQL, because the policy now requires fewer. Any decider can then settle it. */
export const hasEnoughSql = (by: Deciding): Prisma.Sql => Prisma.sql`
  (SELECT count(*) FROM request_approval p JOIN user_account u ON u.id = p.approver_id
    WHERE p.request_id = r.id AND p.payload_hash = r.payload_hash
      AND u.deactivated_at IS NULL AND ${isChosenSql(accountSql(by.issuers), by)})
  >= CASE WHEN r.kind = 'role' THEN ${by.roles.approvals} ELSE ${by.others.approvals} END`
