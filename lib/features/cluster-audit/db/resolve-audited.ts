import type { Pool } from '#lib/kernel/db/pool.ts'

type ResolveQuery = {
  cluster: { id: string }
  namespaces: readonly string[]
  handles: readonly string[]
  /** The time of the earliest request. */
  since: Date
}

/** When a namespace was a space; `deletedAt` null: it still is. */
export type SpaceOfTime = { id: string; createdAt: Date; deletedAt: Date | null }

export type Resolved = {
  /** The spaces of each namespace since an hour before, oldest first. */
  spaces: Map<string, SpaceOfTime[]>
  people: Map<string, { id: string; handle: string; name: string }>
}

type Row = { is: 'space' | 'person'; key: string; id: string; name: string; from: Date; until: Date | null }

/** @returns the current and former spaces of a cluster's namespaces, and the people by handle; in one statement */
export async function resolveAudited(pool: Pool, query: ResolveQuery): Promise<Resolved> {
  const { cluster, namespaces, handles, since } = query
  const { rows } = await pool.query<Row>({
    name: 'resolve-audited',
    // The deletion's own requests are reported after it.
    text: `(SELECT 'space' AS is, s.namespace AS key, s.id, NULL AS name, s.created_at AS "from", s.deleted_at AS until FROM space s
              WHERE s.cluster_id = $1 AND s.namespace = ANY($2::text[])
                AND (s.deleted_at IS NULL OR s.deleted_at > $4::timestamptz - interval '1 hour')
              ORDER BY s.created_at, s.id)
           UNION ALL
           SELECT 'person', u.handle, u.id, u.name, NULL, NULL FROM user_account u WHERE u.handle = ANY($3::text[])`,
    values: [cluster.id, namespaces, handles, since],
  })
  const spaces = new Map<string, SpaceOfTime[]>()
  for (const { is, key, id, from, until } of rows) {
    if (is !== 'space') continue
    const known = spaces.get(key) ?? []
    known.push({ id, createdAt: from, deletedAt: until })
    spaces.set(key, known)
  }
  const people = rows.filter(({ is }) => is === 'person')
  return {
    spaces,
    people: new Map(people.map(({ key, id, name }) => [key, { id, handle: key, name }])),
  }
}

/** @returns the tokens (`JTI=…`) among these that were requested from a cluster’s API server, according to its audit */
export async function selectIssued(pool: Pool, cluster: string, credentials: readonly string[]): Promise<Set<string>> {
  if (credentials.length === 0) return new Set()
  const { rows } = await pool.query<{ issued: string }>({
    name: 'select-issued',
    text: `SELECT e.detail ->> 'issued' AS issued FROM audit_event e
      WHERE e.intent_id IS NULL AND e.route IS NOT NULL AND (e.detail ->> 'issued') IS NOT NULL
        AND e.detail ->> 'issued' = ANY($1::text[]) AND e.destination = 'cluster/' || $2`,
    values: [credentials, cluster],
  })
  return new Set(rows.map(({ issued }) => issued))
}
