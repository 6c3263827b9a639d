import { randomUUID } from 'node:crypto'
import type { Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'

/** Two tokens may be valid at once, so that one can replace the other. */
const maxInForce = 2

/** @returns the hashes of all valid tokens, with the names of their clusters */
export async function selectAuditTokens(pool: Pool): Promise<{ cluster: string; clusterId: string; hash: Buffer }[]> {
  const { rows } = await pool.query<{ cluster: string; clusterId: string; hash: Buffer }>({
    name: 'select-audit-tokens',
    text: `SELECT c.name AS cluster, c.id AS "clusterId", t.token_hash AS hash
           FROM cluster_audit_token t JOIN cluster c ON c.id = t.cluster_id WHERE t.revoked_at IS NULL`,
  })
  return rows
}

/** @returns whether a token was ever made valid */
export const hasAuditToken = async (tx: Tx, hash: Uint8Array<ArrayBuffer>): Promise<boolean> =>
  (await tx.clusterAuditToken.count({ where: { tokenHash: hash } })) > 0

/**
 * Adds a token of a cluster, which may be unknown so far, and revokes the oldest if there are more than two.
 * @returns how many were revoked
 */
export async function insertAuditToken(
  tx: Tx,
  { cluster, hash, at }: { cluster: string; hash: Uint8Array<ArrayBuffer>; at: Date },
): Promise<number> {
  const { id: clusterId } = await tx.cluster.upsert({
    where: { name: cluster },
    create: { id: randomUUID(), name: cluster },
    update: {},
    select: { id: true },
  })
  await tx.clusterAuditToken.create({ data: { id: randomUUID(), clusterId, tokenHash: hash, createdAt: at } })
  return tx.$executeRaw`
    UPDATE cluster_audit_token SET revoked_at = ${at} WHERE id IN (
      SELECT id FROM cluster_audit_token WHERE cluster_id = ${clusterId}::uuid AND revoked_at IS NULL
      ORDER BY created_at DESC, id OFFSET ${maxInForce})`
}

/**
 * Revokes a cluster’s tokens.
 * @param keep how many of the newest stay
 * @returns how many were revoked
 */
export const revokeAuditTokens = (
  tx: Tx,
  { cluster, keep, at }: { cluster: string; keep: number; at: Date },
): Promise<number> => tx.$executeRaw`
  UPDATE cluster_audit_token SET revoked_at = ${at} WHERE id IN (
    SELECT t.id FROM cluster_audit_token t JOIN cluster c ON c.id = t.cluster_id
    WHERE c.name = ${cluster} AND t.revoked_at IS NULL ORDER BY t.created_at DESC, t.id OFFSET ${keep})`

/** @returns the number of valid tokens of each cluster, and when its audit last arrived */
export async function selectAuditWebhooks(
  pool: Pool,
): Promise<{ cluster: string; tokens: number; receivedAt: Date | null }[]> {
  const { rows } = await pool.query<{ cluster: string; tokens: number; receivedAt: Date | null }>(
    `SELECT c.name AS cluster, i.received_at AS "receivedAt",
       (SELECT count(*)::int FROM cluster_audit_token t WHERE t.cluster_id = c.id AND t.revoked_at IS NULL) AS tokens
     FROM cluster c LEFT JOIN cluster_audit_intake i ON i.cluster_id = c.id ORDER BY c.name`,
  )
  return rows
}
