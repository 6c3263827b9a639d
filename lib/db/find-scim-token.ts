import { type Db, Prisma, type Tx } from './client.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'

export type ScimToken = { id: string; name: string; lastUsedAt: Date | null }

/** @param hash SHA-256 of what a client sent @returns the provisioning token in force that it is; null: none */
export async function findScimToken(pool: Pool, hash: Uint8Array): Promise<ScimToken | null> {
  const [token] = await runSql<ScimToken>(
    pool,
    Prisma.sql`/* kept plan: find-scim-token */
    SELECT id, name, last_used_at AS "lastUsedAt" FROM scim_token WHERE token_hash = ${Buffer.from(hash)} AND revoked_at IS NULL`,
  )
  return token ?? null
}

/** @returns the SHA-256 of the provisioning tokens in force, in hex: two at most */
export async function selectTokensInForce(pool: Pool): Promise<string[]> {
  const rows = await runSql<{ hash: string }>(
    pool,
    Prisma.sql`SELECT encode(token_hash, 'hex') AS hash FROM scim_token WHERE revoked_at IS NULL`,
  )
  return rows.map(({ hash }) => hash)
}

/** @returns the provisioning token with an id, in force or not; null: there is none */
export const findScimTokenById = (
  db: Db | Tx,
  id: string,
): Promise<{ id: string; name: string; revokedAt: Date | null } | null> =>
  db.scimToken.findUnique({ where: { id }, select: { id: true, name: true, revokedAt: true } })

/** @returns whether a token is in force, and stays so until the transaction ends */
export async function holdScimToken(tx: Tx, id: string): Promise<boolean> {
  const held = await tx.$queryRaw<unknown[]>`
    SELECT FROM scim_token WHERE id = ${id}::uuid AND revoked_at IS NULL FOR SHARE`
  return held.length > 0
}
