import { type Db, Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { makerHandlesSql } from '#lib/kernel/db/scim/token-in-force-sql.ts'
import type { PlatformRole } from '#lib/kernel/model/access/role.ts'
import { breakGlassIssuer } from '#lib/kernel/model/people/break-glass-account.ts'
import type { PersonFacts } from '#lib/kernel/model/people/person-view.ts'
import { tokenTitle } from '#lib/kernel/model/people/provisioning-view.ts'
import { claimsUntilSql, isSuspendedSql, knownMemberSql, ownTokenMemberSql } from './group-member-sql.ts'
import { activeCredentialsSql, lastSeenSql, ownedSpacesSql } from './select-people.ts'

type Row = Omit<PersonFacts, 'deactivatedByToken'> & { byToken: { name: string; makers: string[] } | null }

/** @returns a person's own row and counts, or null */
export async function findPerson(
  pool: Pool,
  handle: string,
  { at, idleSince }: { at: Date; idleSince: Date },
): Promise<PersonFacts | null> {
  const [found] = await runSql<Row>(
    pool,
    Prisma.sql`
    SELECT u.id, u.handle, u.name, u.email, u.issuer, u.platform_role::text AS "platformRole", u.admin_until AS "adminUntil",
      u.admin_reason AS "adminReason", u.created_at AS "createdAt",
      u.last_sign_in_at AS "lastSignInAt", u.groups_verified_at AS "groupsVerifiedAt", ${claimsUntilSql('u')} AS "groupsUntil", ${isSuspendedSql('u')} AS "groupsSuspended", ${lastSeenSql} AS "lastSeenAt", u.deactivated_at AS "deactivatedAt",
      u.unseen_ends_at AS "unseenEndsAt",
      u.deactivation_reason AS "deactivationReason",
      CASE WHEN b.id IS NOT NULL THEN json_build_object('handle', b.handle, 'name', b.name) END AS "deactivatedBy",
      (SELECT json_build_object('name', t.name, 'makers', ${makerHandlesSql}) FROM scim_token t WHERE t.id = u.deactivated_by_token_id) AS "byToken",
      ARRAY(SELECT t.name FROM scim_token t JOIN scim_token_maker m ON m.token_id = t.id
        WHERE m.user_id = u.id AND m.responsible AND t.revoked_at IS NULL AND t.expires_at > ${at} ORDER BY t.created_at) AS tokens,
      (SELECT coalesce(json_agg(json_build_object('name', g.name, 'from', g.source) ORDER BY g.name), '[]') FROM (
        SELECT m."group" AS name, CASE WHEN m.pushed THEN 'provisioning' ELSE 'sign-in' END AS source
        FROM ${knownMemberSql} m WHERE m.user_id = u.id
        UNION ALL
        SELECT m."group", 'own-token' FROM ${ownTokenMemberSql} m WHERE m.user_id = u.id
        UNION ALL
        SELECT said."group", 'overruled' FROM user_group said WHERE said.user_id = u.id AND NOT EXISTS (
          SELECT FROM ${knownMemberSql} m WHERE m.user_id = u.id AND m."group" = said."group")
          AND NOT EXISTS (SELECT FROM ${ownTokenMemberSql} m WHERE m.user_id = u.id AND m."group" = said."group")) g) AS groups,
      u.never_signed_in AS "neverSignedIn", (SELECT su.user_name FROM scim_user su WHERE su.user_id = u.id) AS "provisionedAs",
      u.left_out_groups AS "leftOutGroups",
      (SELECT count(*) FROM session s WHERE s.user_id = u.id AND s.expires_at > ${at} AND s.last_seen_at > ${idleSince})::int AS sessions,
      ${activeCredentialsSql(at)} AS credentials, ${ownedSpacesSql} AS spaces
    FROM user_account u LEFT JOIN user_account b ON b.id = u.deactivated_by_id WHERE u.handle = ${handle}`,
  )
  if (!found) return null
  const { byToken, ...person } = found
  return { ...person, deactivatedByToken: byToken && tokenTitle(byToken.name, byToken.makers) }
}

export type Account = { id: string; handle: string; name: string; deactivatedAt: Date | null }

export const findAccount = (db: Db | Tx, id: string): Promise<Account | null> =>
  db.user.findUnique({ where: { id }, select: { id: true, handle: true, name: true, deactivatedAt: true } })

export type FoundUser = { userId: string; handle: string; name: string; email: string }

/**
 * @returns the active person with a handle, except the break-glass account. Rights are given by handle because people
 * can't choose theirs.
 */
export const findUserByHandle = async (db: Db, handle: string): Promise<(FoundUser & { issuer: string }) | null> => {
  const found = await db.user.findFirst({
    where: { handle, deactivatedAt: null, issuer: { not: breakGlassIssuer } },
    select: { id: true, handle: true, name: true, email: true, issuer: true },
  })
  if (!found) return null
  const { id, ...person } = found
  return { userId: id, ...person }
}

/** @returns a person's current state; @throws what Prisma throws when there is none */
export const readPerson = (
  db: Db | Tx,
  userId: string,
): Promise<{ issuer: string; platformRole: PlatformRole; deactivatedAt: Date | null }> =>
  db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { issuer: true, platformRole: true, deactivatedAt: true },
  })

export async function selectActive(tx: Tx, userIds: readonly string[]): Promise<string[]> {
  const rows = await tx.user.findMany({
    where: { id: { in: [...userIds] }, deactivatedAt: null },
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}

/** @returns the handles of offboarded people who aren't back */
export async function selectOffboarded(db: Db, handles: readonly string[]): Promise<string[]> {
  const rows = await db.$queryRaw<{ handle: string }[]>`
    SELECT u.handle FROM offboarding o JOIN user_account u ON u.id = o.person_id
    WHERE o.reactivated_at IS NULL AND u.handle = ANY (${[...handles]}::text[])`
  return rows.map(({ handle }) => handle)
}
