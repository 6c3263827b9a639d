import type { Db } from '#lib/kernel/db/client.ts'
import { effective, living, notWithheld } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { Member } from '#lib/kernel/model/spaces/membership.ts'
import { groupMemberSql } from './group-member-sql.ts'

/** @returns the active people who own or have a role in a living space on a cluster */
export async function selectPeopleOfCluster(db: Db, cluster: string, at: Date): Promise<Member[]> {
  return db.$queryRaw<Member[]>`
    WITH lived_in AS (
      SELECT s.id, s.owner_id FROM space s JOIN cluster c ON c.id = s.cluster_id
      WHERE c.name = ${cluster} AND ${living}
    ), granted AS (
      SELECT g.user_id, g."group", g.group_issuer, g.withheld_from FROM space_grant g JOIN lived_in l ON l.id = g.space_id
      WHERE ${effective(at)}
    )
    SELECT u.id AS "userId", u.handle, u.email, u.name,
      json_build_object('issuer', u.issuer, 'subject', u.subject, 'subjectClaim', u.subject_claim) AS account FROM user_account u
    WHERE u.deactivated_at IS NULL AND u.id IN (
      SELECT owner_id FROM lived_in UNION SELECT g.user_id FROM granted g WHERE ${notWithheld('g.user_id')}
      UNION SELECT m.user_id FROM ${groupMemberSql} m JOIN granted g USING ("group", group_issuer) WHERE ${notWithheld('m.user_id')})`
}
