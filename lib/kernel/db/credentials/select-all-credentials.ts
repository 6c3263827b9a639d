import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import type { CredentialQuery } from '#lib/kernel/model/people/credential-query.ts'
import type { CredentialListed } from '#lib/kernel/model/people/person-view.ts'
import { credentialUseJoin, lastUseColumns } from './credential-use-sql.ts'
import { selectedSql } from './selected-credentials-sql.ts'

/** @returns all people's active credentials, newest first, after the one with the query's id */
export function selectAllCredentials(
  pool: Pool,
  { after, ...query }: CredentialQuery,
  { at, limit }: { at: Date; limit: number },
): Promise<CredentialListed[]> {
  const older = after
    ? Prisma.sql`AND (k.created_at, k.id) < (SELECT a.created_at, a.id FROM credential a WHERE a.id = ${after}::uuid)`
    : Prisma.empty
  return runSql<CredentialListed>(
    pool,
    Prisma.sql`
    SELECT k.id, k.created_at AS "createdAt", k.ends_at AS "endsAt", ${lastUseColumns}, k.name, k.token_start AS "tokenStart", json_build_object('handle', u.handle, 'name', u.name) AS person,
      CASE WHEN s.id IS NOT NULL THEN json_build_object('name', s.name, 'cluster', c.name, 'deleted', s.status = 'deleted') END AS space
    FROM credential k ${credentialUseJoin} JOIN user_account u ON u.id = k.user_id LEFT JOIN space s ON s.id = k.space_id
      LEFT JOIN cluster c ON c.id = s.cluster_id
    WHERE ${selectedSql(query, at)} ${older}
    ORDER BY k.created_at DESC, k.id DESC LIMIT ${limit}`,
  )
}

/** @returns how many credentials match a query; stops counting at the bound */
export async function countCredentials(
  reader: Reader,
  { after: _, ...query }: CredentialQuery,
  { at, bound }: { at: Date; bound: number },
): Promise<number> {
  const [row] = await runSql<{ total: number }>(
    reader,
    Prisma.sql`SELECT count(*)::int AS total FROM (SELECT FROM credential k WHERE ${selectedSql(query, at)} LIMIT ${bound}) found`,
  )
  return row?.total ?? 0
}
