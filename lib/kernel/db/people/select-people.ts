import { Prisma } from '#lib/kernel/db/client.ts'
import { credentialUseJoin } from '#lib/kernel/db/credentials/credential-use-sql.ts'
import { likePattern } from '#lib/kernel/db/like-pattern.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { existing } from '#lib/kernel/db/spaces/effective-sql.ts'
import {
  type PeopleQuery,
  type PersonState,
  signedInSince,
  unseenSince,
} from '#lib/kernel/model/people/people-query.ts'
import type { PersonRow } from '#lib/kernel/model/people/person-view.ts'
import { knownMemberSql } from './group-member-sql.ts'

export type PersonListed = Omit<PersonRow, 'from'> & { issuer: string }

/** When person `u` was last seen: at a sign-in, on a page, or by the gateway. */
export const lastSeenSql = Prisma.sql`greatest(u.last_sign_in_at,
  (SELECT max(x.last_seen_at) FROM session x WHERE x.user_id = u.id),
  (SELECT max(n.last_used_at) FROM credential k ${credentialUseJoin} WHERE k.user_id = u.id))`

/** Whether person `u` wasn't seen after an instant, as a condition. */
export const unseenSql = (since: Date): Prisma.Sql => Prisma.sql`u.last_sign_in_at <= ${since}
  AND NOT EXISTS (SELECT FROM session x WHERE x.user_id = u.id AND x.last_seen_at > ${since})
  AND NOT EXISTS (SELECT FROM credential k ${credentialUseJoin} WHERE k.user_id = u.id AND n.last_used_at > ${since})`

/** How many of person `u`'s credentials are active, even if they are deactivated. */
export const activeCredentialsSql = (at: Date) =>
  Prisma.sql`(SELECT count(*) FROM credential k WHERE k.user_id = u.id AND k.revoked_at IS NULL AND k.ends_at > ${at} AND k.session_id IS NULL)::int`

/** How many spaces person `u` owns. */
export const ownedSpacesSql = Prisma.sql`(SELECT count(*) FROM space s WHERE s.owner_id = u.id AND ${existing})::int`

const cutOff = Prisma.sql`u.deactivated_at IS NOT NULL`
const active = Prisma.sql`u.deactivated_at IS NULL`
const offboarded = (more = Prisma.empty) => Prisma.sql`
  u.id IN (SELECT o.person_id FROM offboarding o WHERE o.reactivated_at IS NULL ${more})`

/** Conditions of the states, apart from when person `u` was seen or signed in. */
const stateSql: Readonly<Record<PersonState, Prisma.Sql>> = {
  active,
  'signed-in-7': active,
  deactivated: cutOff,
  offboarded: offboarded(),
  unproven: offboarded(Prisma.sql`AND o.completed_at IS NULL`),
  'unseen-30': active,
  'unseen-90': active,
}

/** Whether person `u` is in a state at an instant, as a condition. */
export function inStateSql(state: PersonState, at: Date): Prisma.Sql {
  const conditions = [stateSql[state]]
  const unseen = unseenSince(state, at)
  if (unseen) conditions.push(unseenSql(unseen))
  const signedIn = signedInSince(state, at)
  if (signedIn) conditions.push(Prisma.sql`u.last_sign_in_at > ${signedIn} AND NOT u.never_signed_in`)
  return Prisma.join(conditions, ' AND ')
}

/** @returns people by name, after the one with the query's handle; at most `limit` */
export function selectPeople(
  pool: Pool,
  { search, state, group, after }: PeopleQuery,
  { at, limit }: { at: Date; limit: number },
): Promise<PersonListed[]> {
  const conditions = [Prisma.sql`true`]
  if (search) conditions.push(Prisma.sql`(u.handle || ' ' || u.name || ' ' || u.email) ILIKE ${likePattern(search)}`)
  if (state) conditions.push(inStateSql(state, at))
  if (group)
    conditions.push(
      Prisma.sql`EXISTS (SELECT FROM ${knownMemberSql} m WHERE m.user_id = u.id AND m."group" = ${group})`,
    )
  if (after)
    conditions.push(Prisma.sql`(u.name, u.id) > (SELECT a.name, a.id FROM user_account a WHERE a.handle = ${after})`)
  return runSql<PersonListed>(
    pool,
    Prisma.sql`
    SELECT u.handle, u.name, u.email, u.issuer, u.platform_role::text AS "platformRole",
      u.deactivated_at IS NOT NULL AS deactivated,
      (SELECT count(*) FROM ${knownMemberSql} m WHERE m.user_id = u.id)::int AS groups,
      ${ownedSpacesSql} AS spaces,
      ${activeCredentialsSql(at)} AS credentials, CASE WHEN NOT u.never_signed_in THEN ${lastSeenSql} END AS "lastSeenAt"
    FROM (SELECT u.id, u.name FROM user_account u WHERE ${Prisma.join(conditions, ' AND ')}
      ORDER BY u.name, u.id LIMIT ${limit}) page
      JOIN user_account u ON u.id = page.id
    ORDER BY page.name, page.id`,
  )
}
