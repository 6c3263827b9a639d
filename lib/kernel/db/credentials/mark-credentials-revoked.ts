import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { CredentialSelection } from '#lib/kernel/model/people/credential-query.ts'
import { selectedSql } from './selected-credentials-sql.ts'

/** Credentials to revoke: by id (limited to one person with `of`), or by a query. */
export type ToRevoke = { ids: readonly string[]; of?: string } | { query: CredentialSelection }

/**
 * Revokes active credentials in the order of ids. A trigger notifies the gateways.
 * @param byId the person who revokes them; null: provisioning, or Spaceport itself
 * @returns the revoked credentials and their owners; at most `limit`
 */
export async function markCredentialsRevoked(
  tx: Tx,
  chosen: ToRevoke,
  { at, byId, limit }: { at: Date; byId: string | null; limit: number },
): Promise<{ id: string; userId: string }[]> {
  const where = 'ids' in chosen ? namedSql(chosen, at) : selectedSql(chosen.query, at)
  const revokedBy = byId === null ? Prisma.empty : Prisma.sql`, revoked_by_id = ${byId}::uuid`
  return tx.$queryRaw<{ id: string; userId: string }[]>`
    WITH chosen AS (SELECT k.id FROM credential k WHERE ${where} ORDER BY k.id LIMIT ${limit} FOR NO KEY UPDATE)
    UPDATE credential c SET revoked_at = ${at}${revokedBy} FROM chosen WHERE c.id = chosen.id RETURNING c.id, c.user_id AS "userId"`
}

function namedSql({ ids, of }: { ids: readonly string[]; of?: string }, at: Date): Prisma.Sql {
  const whose = of === undefined ? Prisma.empty : Prisma.sql`AND k.user_id = ${of}::uuid`
  return Prisma.sql`${selectedSql({}, at)} AND k.id = ANY (${[...ids]}::uuid[]) ${whose}`
}
