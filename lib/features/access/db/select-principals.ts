import { type Db, Prisma } from '#lib/kernel/db/client.ts'
import { likePattern } from '#lib/kernel/db/like-pattern.ts'
import { findUserByHandle } from '#lib/kernel/db/people/find-person.ts'
import { knownMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'
import { countGroup } from '#lib/kernel/db/people/group-members.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { breakGlassIssuer } from '#lib/kernel/model/people/break-glass-account.ts'

/** A person or a group, with its provider. A group's issuer has no trailing slash. */
export type PrincipalRow = { issuer: string } & (
  | { kind: 'user'; id: string; name: string; email: string }
  | { kind: 'group'; id: string; people: number }
)

/**
 * Suggests people and groups while the user types. Exact matches come first, then people, then groups. Exact groups
 * come before exact people, so that people can't hide a group by taking its name.
 * @param issuers the providers to search groups of
 * @returns at most `limit`
 */
export async function selectPrincipals(
  db: Db,
  text: string,
  issuers: readonly string[],
  limit: number,
): Promise<PrincipalRow[]> {
  const pattern = likePattern(text)
  const [users, groups] = await Promise.all([
    db.$queryRaw<{ handle: string; name: string; email: string; issuer: string; exact: boolean }[]>`
      SELECT handle, name, email, issuer, lower(${text}) IN (handle, lower(name), lower(email), regexp_replace(handle, '-[0-9a-f]{6}$', '')) AS exact
      FROM user_account WHERE deactivated_at IS NULL AND issuer <> ${breakGlassIssuer} AND (handle || ' ' || name || ' ' || email) ILIKE ${pattern}
      ORDER BY handle = ${text} DESC, exact DESC, name, handle LIMIT ${limit}`,
    db.$queryRaw<{ group: string; issuer: string; people: number; exact: boolean }[]>`
      SELECT "group", group_issuer AS issuer, count(*)::int AS people, lower("group") = lower(${text}) AS exact FROM ${knownMemberSql} m
      WHERE "group" ILIKE ${pattern} AND group_issuer = ANY (${[...issuers]}::text[]) GROUP BY "group", group_issuer ORDER BY "group" = ${text} DESC, exact DESC, "group", group_issuer LIMIT ${limit}`,
  ])
  const asUser = ({ handle, name, email, issuer }: (typeof users)[number]) =>
    ({ kind: 'user', id: handle, name, email, issuer }) satisfies PrincipalRow
  const asGroup = ({ group, people, issuer }: (typeof groups)[number]) =>
    ({ kind: 'group', id: group, people, issuer }) satisfies PrincipalRow
  return [
    ...groups.filter(({ exact }) => exact).map(asGroup),
    ...users.map(asUser),
    ...groups.filter(({ exact }) => !exact).map(asGroup),
  ].slice(0, limit)
}

/** As selectPrincipals, but only exact matches: a handle, or a group's name. */
export async function selectExactPrincipals(
  db: Db,
  text: string,
  issuers: readonly string[],
  limit: number,
): Promise<PrincipalRow[]> {
  const [user, ...groups] = await Promise.all([
    findUserByHandle(db, text),
    ...issuers.map(async (issuer) => ({ issuer, people: await countGroup(db, { group: text, issuer }) })),
  ])
  const found: PrincipalRow[] = []
  if (user) found.push({ kind: 'user', id: user.handle, name: user.name, email: user.email, issuer: user.issuer })
  for (const { issuer, people } of groups) if (people > 0) found.push({ kind: 'group', id: text, people, issuer })
  return found.slice(0, limit)
}

/** @returns all people by handle, after `after`; at most `limit` */
export const selectPersonIds = (pool: Pool, after: string, limit: number): Promise<{ id: string; handle: string }[]> =>
  runSql(pool, Prisma.sql`SELECT id, handle FROM user_account WHERE handle > ${after} ORDER BY handle LIMIT ${limit}`)
