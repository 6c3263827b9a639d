import { type Db, Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { makerHandlesSql, type TokenRules, tokenInForceSql } from './token-in-force-sql.ts'

/** `makers`: the handles of everyone who made or took over the token; empty: the operator's command created it. */
export type ScimToken = { id: string; name: string; makers: string[]; lastUsedAt: Date | null; expiresAt: Date }

/** @param hash SHA-256 of the token that a client sent @returns the matching provisioning token in force; null: none */
export async function findScimToken(pool: Pool, hash: Uint8Array, rules: TokenRules): Promise<ScimToken | null> {
  const [token] = await runSql<ScimToken>(
    pool,
    Prisma.sql`/* kept plan: find-scim-token */
    SELECT t.id, t.name, ${makerHandlesSql} AS makers, t.last_used_at AS "lastUsedAt", t.expires_at AS "expiresAt"
    FROM scim_token t WHERE t.token_hash = ${Buffer.from(hash)} AND ${tokenInForceSql(rules)}`,
  )
  return token ?? null
}

/** @returns the SHA-256 of the provisioning tokens in force, in hex; at most two */
export async function selectTokensInForce(pool: Pool, rules: TokenRules): Promise<string[]> {
  const rows = await runSql<{ hash: string }>(
    pool,
    Prisma.sql`SELECT encode(t.token_hash, 'hex') AS hash FROM scim_token t WHERE ${tokenInForceSql(rules)}`,
  )
  return rows.map(({ hash }) => hash)
}

/** @returns the provisioning token with an id, in force or not; null: none */
export const findScimTokenById = (
  db: Db | Tx,
  id: string,
): Promise<{ id: string; name: string; revokedAt: Date | null } | null> =>
  db.scimToken.findUnique({ where: { id }, select: { id: true, name: true, revokedAt: true } })

/**
 * Checks at the end of a change by a token whether the token still counts, and keeps it so until the commit: revoking
 * or stopping it, or freezing provisioning, waits for that.
 * @param lost platform admins who lost the role by the change itself
 */
export async function holdScimToken(
  tx: Tx,
  id: string,
  rules: TokenRules,
  lost: readonly string[],
): Promise<'in-force' | 'frozen' | 'not-in-force'> {
  // In two statements: the second one sees what was committed while the first one waited.
  if (lost.length === 0) await tx.$queryRaw`SELECT FROM scim_token WHERE id = ${id}::uuid FOR SHARE`
  // The trigger of their accounts takes the same lock when this commits: two such changes would deadlock on shared ones.
  else await holdAllTokens(tx)
  const [found] = await tx.$queryRaw<{ frozen: boolean }[]>`
    SELECT EXISTS (SELECT FROM provisioning_freeze f WHERE f.ended_at IS NULL) AS frozen
    FROM scim_token t WHERE t.id = ${id}::uuid AND ${tokenInForceSql(rules, lost)}`
  if (!found) return 'not-in-force'
  return found.frozen ? 'frozen' : 'in-force'
}

/** Waits for changes by tokens that are committing. Later ones see what this transaction commits. */
export async function holdAllTokens(tx: Tx): Promise<void> {
  await tx.$queryRaw`SELECT FROM scim_token WHERE revoked_at IS NULL ORDER BY id FOR NO KEY UPDATE`
}

/**
 * Keeps other processes from changing anything by provisioning tokens until the transaction ends. Call it before any
 * row is locked.
 * @returns whether the token is still in force
 */
export async function holdProvisioning(tx: Tx, tokenId: string): Promise<boolean> {
  await tx.$executeRaw`SELECT hold_provisioning(${tokenId}::uuid)`
  const token = await findScimTokenById(tx, tokenId)
  return token !== null && token.revokedAt === null
}
