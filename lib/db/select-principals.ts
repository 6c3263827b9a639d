import type { Principal } from '#lib/domain/person.ts'
import { sealedIssuer } from '#lib/domain/sealed-account.ts'
import type { Db } from './client.ts'
import { findUserByHandle } from './find-user.ts'
import { knownMemberSql } from './group-member-sql.ts'
import { countGroup } from './group-members.ts'
import { likePattern } from './like-pattern.ts'

/**
 * Finds people and groups as somebody types. Exact matches come first, groups before people, so that no number of
 * people who name themselves after a group can hide it; then people, then groups.
 * @param issuer the provider whose groups are searched
 * @returns at most `limit`
 */
export async function selectPrincipals(db: Db, text: string, issuer: string, limit: number): Promise<Principal[]> {
  const pattern = likePattern(text)
  const [users, groups] = await Promise.all([
    db.$queryRaw<{ handle: string; name: string; email: string; exact: boolean }[]>`
      SELECT handle, name, email, lower(${text}) IN (handle, lower(name), lower(email), regexp_replace(handle, '-[0-9a-f]{6}$', '')) AS exact
      FROM user_account WHERE deactivated_at IS NULL AND issuer <> ${sealedIssuer} AND (handle || ' ' || name || ' ' || email) ILIKE ${pattern}
      ORDER BY handle = ${text} DESC, exact DESC, name, handle LIMIT ${limit}`,
    db.$queryRaw<{ group: string; people: number; exact: boolean }[]>`
      SELECT "group", count(*)::int AS people, lower("group") = lower(${text}) AS exact FROM ${knownMemberSql} m
      WHERE "group" ILIKE ${pattern} AND group_issuer = ${issuer} GROUP BY "group" ORDER BY "group" = ${text} DESC, exact DESC, "group" LIMIT ${limit}`,
  ])
  const asUser = ({ handle, name, email }: (typeof users)[number]) =>
    ({ kind: 'user', id: handle, name, email }) satisfies Principal
  const asGroup = ({ group, people }: (typeof groups)[number]) =>
    ({ kind: 'group', id: group, people }) satisfies Principal
  return [
    ...groups.filter(({ exact }) => exact).map(asGroup),
    ...users.map(asUser),
    ...groups.filter(({ exact }) => !exact).map(asGroup),
  ].slice(0, limit)
}

/** As selectPrincipals, but only the person with exactly this handle and the group with exactly this name. */
export async function selectExactPrincipals(db: Db, text: string, issuer: string, limit: number): Promise<Principal[]> {
  const [user, people] = await Promise.all([findUserByHandle(db, text), countGroup(db, { group: text, issuer })])
  const found: Principal[] = []
  if (user) found.push({ kind: 'user', id: user.handle, name: user.name, email: user.email })
  if (people > 0) found.push({ kind: 'group', id: text, people })
  return found.slice(0, limit)
}
