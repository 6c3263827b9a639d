import { Prisma } from '#lib/kernel/db/client.ts'
import { likePattern } from '#lib/kernel/db/like-pattern.ts'
import { knownMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import type { KnownGroup } from '#lib/kernel/model/people/known-group.ts'

/** @returns a provider’s groups with members whose name contains the text, an exact match first; at most `limit` */
export const selectKnownGroups = (pool: Pool, text: string, issuer: string, limit: number): Promise<KnownGroup[]> =>
  runSql(
    pool,
    Prisma.sql`
    SELECT "group", count(*)::int AS people FROM ${knownMemberSql} m
    WHERE "group" ILIKE ${likePattern(text)} AND group_issuer = ${issuer}
    GROUP BY "group"
    ORDER BY "group" = ${text} DESC, lower("group") = lower(${text}) DESC, "group" LIMIT ${limit}`,
  )
