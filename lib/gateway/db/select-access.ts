import { knownMemberText } from '#lib/kernel/db/people/group-member-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { existingText, grantedText, livingText } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'

/** How far the gateway serves a space: fully, for reads only, or not at all. */
export type ServiceMode = 'open' | 'read-only' | 'closed'

/** A credential with its person and all their roles in spaces. Instants in milliseconds since the epoch. */
export type AccessRow = {
  tokenHash: string
  credentialId: string
  endsAt: number
  revokedAt: number | null
  /** Whether it belongs to a portal session: the portal sends requests from the person's browser. */
  ofSession: boolean
  cluster: string | null
  spaceId: string | null
  userId: string
  handle: string
  name: string
  email: string
  deactivatedAt: number | null
  spans: {
    spaceId: string
    cluster: string
    namespace: string
    door: ServiceMode
    role: Role
    /** Whether the role has its own end, besides the end of the space. */
    ends: boolean
    startsAt: number | null
    endsAt: number | null
    /**
     * When it is suspended because the provider last confirmed the person's groups too long ago; null: not from a
     * group.
     */
    pausesAt: number | null
    /** Whether the group is provisioned: then provisioning confirms it, not a sign-in. */
    pushed: boolean
  }[]
}

/*
 * Returns all spans except those long over: the gateway decides by its own clock, not the database's. A space's end
 * ends all access to it. LEAST and GREATEST ignore nulls. A space that was never ready gives no access, because its
 * admission policies and quota may not be in force. A grant that a platform admin gave themselves never counts.
 */
const text = `
SELECT encode(c.token_hash, 'hex') AS "tokenHash",
       c.id AS "credentialId",
       (extract(epoch FROM c.ends_at) * 1000)::float8 AS "endsAt",
       (extract(epoch FROM c.revoked_at) * 1000)::float8 AS "revokedAt",
       c.session_id IS NOT NULL AS "ofSession",
       bound.name AS "cluster",
       c.space_id AS "spaceId",
       u.id AS "userId", u.handle, u.name, u.email,
       (extract(epoch FROM u.deactivated_at) * 1000)::float8 AS "deactivatedAt",
       COALESCE(granted.spans, '[]') AS spans
FROM credential c
JOIN user_account u ON u.id = c.user_id
LEFT JOIN cluster bound ON bound.id = c.cluster_id
LEFT JOIN LATERAL (
  SELECT json_agg(json_build_object(
    'spaceId', s.id, 'cluster', k.name, 'namespace', s.namespace, 'role', r.role, 'ends', r.ends_at IS NOT NULL,
    'door', CASE WHEN k.fence_faults = '[]'::jsonb THEN 'open' ELSE $2::text END,
    'startsAt', (extract(epoch FROM r.starts_at) * 1000)::float8,
    'endsAt', (extract(epoch FROM LEAST(r.ends_at, s.ends_at)) * 1000)::float8,
    'pausesAt', (extract(epoch FROM r.pauses_at) * 1000)::float8, 'pushed', r.pushed)) AS spans
  FROM (
    SELECT s.id AS space_id, 'admin'::space_role AS role, NULL::timestamptz AS starts_at, NULL::timestamptz AS ends_at,
      NULL::timestamptz AS pauses_at, FALSE AS pushed
    FROM space s WHERE s.owner_id = u.id AND ${existingText}
    UNION ALL
    SELECT g.space_id, g.role, g.starts_at, g.ends_at, NULL, FALSE
    FROM space_grant g WHERE g.user_id = u.id AND ${grantedText('u.id')}
    UNION ALL
    SELECT g.space_id, g.role, g.starts_at, g.ends_at, m.counts_until, m.pushed
    FROM ${knownMemberText} m JOIN space_grant g USING ("group", group_issuer) WHERE m.user_id = u.id AND ${grantedText('u.id')}
  ) r
  JOIN space s ON s.id = r.space_id
  JOIN cluster k ON k.id = s.cluster_id
  WHERE ${livingText} AND s.namespace_uid IS NOT NULL AND s.first_ready_at IS NOT NULL
    AND (r.ends_at IS NULL OR r.ends_at > now() - interval '10 minutes')
) granted ON true
WHERE c.token_hash = ANY($1::bytea[])`

/**
 * Reads the access of credentials in one round trip, directly with pg: every kubectl command waits for it.
 * @param tokenHashes SHA-256 in hexadecimal digits
 * @param withoutFences how far to serve clusters with faulty admission policies
 * @returns one row per existing credential
 */
export async function selectAccess(
  pool: Pool,
  tokenHashes: readonly string[],
  withoutFences: ServiceMode,
): Promise<AccessRow[]> {
  const { rows } = await pool.query<AccessRow>({
    name: 'select-access',
    text,
    values: [tokenHashes.map((hash) => Buffer.from(hash, 'hex')), withoutFences],
  })
  return rows
}
