import { Prisma } from '#lib/kernel/db/client.ts'
import {
  awayAfterFailures,
  defaultGroupHours,
  idleDays,
  maxGraceHours,
} from '#lib/kernel/model/people/group-lifetime.ts'

/** Hours for which group claims count, by the newest policy; null: no limit, as in versions without that rule. */
const hoursText = `(SELECT CASE WHEN p.number IS NULL THEN ${defaultGroupHours} ELSE (p.rules->>'groupHours')::int END
  FROM (VALUES (1)) one LEFT JOIN (SELECT number, rules FROM policy_version ORDER BY number DESC LIMIT 1) p ON true)`

type Account = 'u' | 'person'

/**
 * The unavailable providers, read once per statement. A provider that wasn't checked for a day, while others were, is
 * no longer configured.
 */
const unavailableText = `ARRAY(SELECT issuer FROM identity_provider WHERE failures >= ${awayAfterFailures}
  AND asked_at > (SELECT max(asked_at) FROM identity_provider) - interval '1 day')`
const shortestText = (hours: string): string => `(SELECT make_interval(hours => ${hours}))`
const graceText = (hours: string): string => `(SELECT make_interval(hours => least(${hours}, ${maxGraceHours})))`

/**
 * How long an account's claims count, as SQL of an interval; null: no limit. Longer while its provider is unavailable.
 */
const lastsText = (hours: string, account: Account): string =>
  `(${shortestText(hours)} + CASE WHEN rtrim(${account}.issuer, '/') = ANY (${unavailableText}) THEN ${graceText(hours)} ELSE interval '0' END)`
export const claimsLastSql = (account: Account) => Prisma.raw(lastsText(hoursText, account))

/** The minimum, the same for all accounts, so that an index can be used. */
export const claimsLastAtLeastSql = Prisma.raw(shortestText(hoursText))

/** Like claimsLastSql, if the policy set this number of hours. */
export const claimsWouldLastSql = (hours: number, account: Account) =>
  Prisma.raw(lastsText(`${Math.trunc(hours)}::int`, account))

/**
 * Until when an account's group claims count, as SQL; null: no limit.
 * @param account the alias of user_account
 */
const claimsUntilText = (account: Account): string =>
  `(${account}.groups_verified_at + ${lastsText(hoursText, account)})`
export const claimsUntilSql = (account: Account) => Prisma.raw(claimsUntilText(account))

/** Whether the claims have expired, as SQL. Postgres' clock decides, for all processes. */
export const isSuspendedSql = (account: Account) => Prisma.raw(`coalesce(${claimsUntilText(account)} <= now(), FALSE)`)

/** Memberships from sign-ins. They don't count for groups that the provider pushes. */
const claimedText = `
  SELECT ug.user_id, ug."group", rtrim(person.issuer, '/') AS group_issuer, ${claimsUntilText('person')} AS counts_until, FALSE AS pushed
  FROM user_group ug JOIN user_account person ON person.id = ug.user_id
  WHERE NOT EXISTS (
    SELECT FROM scim_group overruling WHERE overruling.display_name = ug."group" AND overruling.issuer = rtrim(person.issuer, '/'))`

/**
 * Until when pushed memberships count, as SQL; null: no limit. Unused tokens may mean that the sync has stopped, so
 * after `idleDays` without a use they last as long as a claim. Read once per statement.
 */
const pushedUntilText = `(coalesce((SELECT max(last_used_at) FROM scim_token), pushed_group.modified_at)
  + interval '${idleDays} days' + ${shortestText(hoursText)})`
/** The same, where `pushed_group` is the alias of scim_group. */
export const pushedUntilSql = Prisma.raw(pushedUntilText)

/**
 * Whether a token's own maker benefits: a maker of the token that last set the membership or last named the group; if
 * either is unknown (older rows), any token's maker.
 */
const ownTokenText = `EXISTS (
    SELECT FROM scim_token_maker maker WHERE maker.user_id = member.user_id
      AND (member.stated_by_id IS NULL OR pushed_group.named_by_id IS NULL OR maker.token_id IN (member.stated_by_id, pushed_group.named_by_id)))`

/**
 * Whether an account’s membership in a pushed group counts, as SQL; `pushed_group` is the alias of
 * scim_group.
 */
export const isCountedMemberSql = (account: Prisma.Sql): Prisma.Sql => Prisma.sql`EXISTS (
  SELECT FROM scim_group_member member
  WHERE member.group_id = pushed_group.id AND member.user_id = ${account} AND NOT ${Prisma.raw(ownTokenText)})`

/** Memberships from provisioning, except those that tokens give to their makers. */
const pushedText = `
  SELECT member.user_id, pushed_group.display_name AS "group", pushed_group.issuer AS group_issuer, ${pushedUntilText} AS counts_until, TRUE AS pushed
  FROM scim_group_member member JOIN scim_group pushed_group ON pushed_group.id = member.group_id
  WHERE NOT ${ownTokenText}`

/**
 * Memberships that tokens give to their makers, as SQL of a table (user_id, "group", group_issuer): shown, never
 * counted.
 */
export const ownTokenMemberSql = Prisma.raw(`(
  SELECT member.user_id, pushed_group.display_name AS "group", pushed_group.issuer AS group_issuer
  FROM scim_group_member member JOIN scim_group pushed_group ON pushed_group.id = member.group_id
  WHERE ${ownTokenText})`)

/**
 * Group membership, as SQL of a table (user_id, "group", group_issuer, counts_until, pushed).
 *
 * A group is a name at one provider. Always compare both columns with those of a grant, best with `USING ("group",
 * group_issuer)`: the same name at another provider is another group. Issuers have no trailing slash, as from
 * `bareIssuer`. `counts_until`: from then on it gives nothing until the provider confirms it; null: no limit. `pushed`:
 * by provisioning.
 *
 * Use it to find, show and notify people. For what a membership gives, use `groupMemberText`.
 */
export const knownMemberText = `(${claimedText} UNION ALL ${pushedText})`
export const knownMemberSql = Prisma.raw(knownMemberText)

export const pushedMemberSql = Prisma.raw(`(${pushedText})`)

/**
 * The same in two parts, for joins with the groups of some grants: Postgres finds members by an index in each part, but
 * would read all of the whole.
 */
export const knownMemberParts: readonly Prisma.Sql[] = [claimedText, pushedText].map((text) => Prisma.raw(`(${text})`))

/** The memberships that count now, on which rights depend. */
const groupMemberText = `(
  SELECT known.user_id, known."group", known.group_issuer FROM ${knownMemberText} known
  WHERE known.counts_until IS NULL OR known.counts_until > now())`
export const groupMemberSql = Prisma.raw(groupMemberText)

/** Memberships from sign-ins, including those of pushed groups. */
const signedInText = `
  SELECT ug.user_id, ug."group", rtrim(person.issuer, '/') AS group_issuer, ${claimsUntilText('person')} AS counts_until
  FROM user_group ug JOIN user_account person ON person.id = ug.user_id`

/**
 * Memberships for platform-wide decisions: who decides on requests, and who is exempt from the policy's limits. Pushed
 * memberships count only in groups that the operator lists.
 * @param listed names of groups that may be pushed (SPACEPORT_PUSHED_PRIVILEGED_GROUPS)
 * @returns SQL of a table (user_id, "group", group_issuer, counts_until), like knownMemberSql
 */
export function knownPrivilegedSql(listed: readonly string[]): Prisma.Sql {
  if (listed.length === 0) return Prisma.raw(`(${signedInText})`)
  const isListed = (column: string) => Prisma.sql`${Prisma.raw(column)} = ANY (${[...listed]}::text[])`
  return Prisma.sql`(
  SELECT said.* FROM (${Prisma.raw(signedInText)}) said WHERE NOT (${isListed('said."group"')} AND EXISTS (
    SELECT FROM scim_group overruling WHERE overruling.display_name = said."group" AND overruling.issuer = said.group_issuer))
  UNION ALL
  SELECT pushed.user_id, pushed."group", pushed.group_issuer, pushed.counts_until FROM (${Prisma.raw(pushedText)}) pushed
  WHERE ${isListed('pushed."group"')})`
}

/** Those of knownPrivilegedSql that count now. */
export const privilegedMemberSql = (listed: readonly string[]): Prisma.Sql => Prisma.sql`(
  SELECT known.user_id, known."group", known.group_issuer FROM ${knownPrivilegedSql(listed)} known
  WHERE known.counts_until IS NULL OR known.counts_until > now())`
