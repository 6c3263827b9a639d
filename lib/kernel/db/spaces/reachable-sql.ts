import { Prisma } from '#lib/kernel/db/client.ts'
import { groupMemberSql, knownMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'
import { effectiveFor, existing } from './effective-sql.ts'

/**
 * @param paused whether to include suspended groups, which may still have access on a cluster
 * @returns SQL of an array: the ids of the spaces (deleted ones too) in which a person has a standing at an instant.
 * Postgres builds it first, from one index per part, without scanning other spaces.
 */
export const reachableSql = (userId: string, at: Date, paused = false) => Prisma.sql`ARRAY(
  SELECT s.id FROM space s WHERE s.owner_id = ${userId}::uuid AND ${existing}
  UNION
  SELECT g.space_id FROM space_grant g WHERE g.user_id = ${userId}::uuid AND ${effectiveFor(userId, at)}
  UNION
  SELECT g.space_id FROM ${paused ? knownMemberSql : groupMemberSql} m JOIN space_grant g USING ("group", group_issuer) WHERE m.user_id = ${userId}::uuid AND ${effectiveFor(userId, at)})`
