import { Prisma } from './client.ts'
import { groupMemberSql } from './group-member-sql.ts'

/**
 * @returns SQL of an array: the ids of the spaces in which a person has a standing at an instant, some of them deleted.
 * An array that is made first, and from one index each, so that a person's spaces are found without a look at all others.
 */
export const reachableSql = (userId: string, at: Date) => Prisma.sql`ARRAY(
  SELECT id FROM space WHERE owner_id = ${userId}::uuid AND status <> 'deleted'
  UNION
  SELECT g.space_id FROM space_grant g WHERE g.user_id = ${userId}::uuid AND ${effective(userId, at)}
  UNION
  SELECT g.space_id FROM ${groupMemberSql} m JOIN space_grant g USING ("group", group_issuer) WHERE m.user_id = ${userId}::uuid AND ${effective(userId, at)})`

const effective = (userId: string, at: Date) =>
  Prisma.sql`g.removed_at IS NULL AND g.starts_at <= ${at} AND (g.ends_at IS NULL OR g.ends_at > ${at}) AND ${userId}::uuid <> ALL (g.withheld_from)`
