import type { PersonFacts } from '#lib/domain/person-view.ts'
import { Prisma } from './client.ts'
import { isPausedSql, wordUntilSql } from './group-member-sql.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'
import { activeCredentialsSql, lastSeenSql } from './select-people.ts'

/** @returns everything about a person that is one row or a number; null when nobody has the handle */
export async function findPerson(
  pool: Pool,
  handle: string,
  { at, idleSince }: { at: Date; idleSince: Date },
): Promise<PersonFacts | null> {
  const [person] = await runSql<PersonFacts>(
    pool,
    Prisma.sql`
    SELECT u.id, u.handle, u.name, u.email, u.issuer, u.platform_role::text AS "platformRole", u.admin_until AS "adminUntil",
      u.admin_reason AS "adminReason", u.created_at AS "createdAt",
      u.last_sign_in_at AS "lastSignInAt", u.groups_verified_at AS "groupsVerifiedAt", ${wordUntilSql('u')} AS "groupsUntil", ${isPausedSql('u')} AS "groupsPaused", ${lastSeenSql} AS "lastSeenAt", u.deactivated_at AS "deactivatedAt",
      u.unseen_ends_at AS "unseenEndsAt",
      u.deactivation_reason AS "deactivationReason",
      CASE WHEN b.id IS NOT NULL THEN json_build_object('handle', b.handle, 'name', b.name) END AS "deactivatedBy",
      ARRAY(SELECT m."group" FROM user_group m WHERE m.user_id = u.id ORDER BY 1) AS groups,
      u.left_out_groups AS "leftOutGroups",
      (SELECT count(*) FROM session s WHERE s.user_id = u.id AND s.expires_at > ${at} AND s.last_seen_at > ${idleSince})::int AS sessions,
      ${activeCredentialsSql(at)} AS credentials
    FROM user_account u LEFT JOIN user_account b ON b.id = u.deactivated_by_id WHERE u.handle = ${handle}`,
  )
  return person ?? null
}
