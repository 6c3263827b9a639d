import type { Member } from '#lib/domain/membership.ts'
import type { Db } from './client.ts'
import { groupMemberSql } from './group-member-sql.ts'

/** @returns the active people who own, or have a role in, a living space on a cluster */
export async function selectPeopleOfCluster(db: Db, cluster: string, at: Date): Promise<Member[]> {
  return db.$queryRaw<Member[]>`
    WITH living AS (
      SELECT s.id, s.owner_id FROM space s JOIN cluster c ON c.id = s.cluster_id
      WHERE c.name = ${cluster} AND s.status NOT IN ('deleting', 'deleted')
    ), granted AS (
      SELECT g.user_id, g."group", g.group_issuer, g.withheld_from FROM space_grant g JOIN living ON living.id = g.space_id
      WHERE g.removed_at IS NULL AND g.starts_at <= ${at} AND (g.ends_at IS NULL OR g.ends_at > ${at})
    )
    SELECT u.id AS "userId", u.handle, u.email, u.name FROM user_account u
    WHERE u.deactivated_at IS NULL AND u.id IN (
      SELECT owner_id FROM living UNION SELECT user_id FROM granted
      UNION SELECT m.user_id FROM ${groupMemberSql} m JOIN granted USING ("group", group_issuer) WHERE m.user_id <> ALL (granted.withheld_from))`
}
