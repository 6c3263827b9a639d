import type { Pool } from '#lib/kernel/db/pool.ts'
import type { DirectAccess } from '#lib/kernel/model/audit/cluster-audit.ts'

/**
 * @returns the direct access to a space that the cluster's audit log shows, latest first, and when that log last
 *   arrived (null: never)
 */
export async function selectDirectAccess(
  pool: Pool,
  spaceId: string,
  limit: number,
): Promise<{ receivedAt: Date | null; rows: DirectAccess[] }> {
  const { rows } = await pool.query<{ receivedAt: Date | null; user: string | null } & Omit<DirectAccess, 'user'>>({
    name: 'select-sightings',
    text: `SELECT i.received_at AS "receivedAt", c.user_name AS "user", c.credential, c.credential_id AS "credentialId",
             c.first_seen_at AS "firstSeenAt", c.last_seen_at AS "lastSeenAt", c.last_address AS "lastAddress", c.last_request AS "lastRequest"
           FROM space s LEFT JOIN cluster_audit_intake i ON i.cluster_id = s.cluster_id
             LEFT JOIN direct_access c ON c.space_id = s.id
           WHERE s.id = $1 ORDER BY c.last_seen_at DESC, c.user_name, c.credential, c.credential_id LIMIT $2`,
    values: [spaceId, limit],
  })
  return {
    receivedAt: rows[0]?.receivedAt ?? null,
    rows: rows.flatMap(({ receivedAt: _, user, ...row }) => (user === null ? [] : [{ user, ...row }])),
  }
}
