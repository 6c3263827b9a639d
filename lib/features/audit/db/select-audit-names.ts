import type { AuditMentions } from '#lib/features/audit/model/audit-mentions.ts'
import type { AuditNames } from '#lib/features/audit/model/audit-view.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { living } from '#lib/kernel/db/spaces/effective-sql.ts'
import { reachableSql } from '#lib/kernel/db/spaces/reachable-sql.ts'

type Row = {
  kind: 'person' | 'space' | 'credential'
  key: string
  name: string
  more: string
  deleted: boolean
  isOpen: boolean
}

/**
 * @param reader who reads it, and when
 * @returns the names for the ids and handles on a page of the trail; runs no statement if there are none
 */
export async function selectAuditNames(
  pool: Pool,
  mentions: AuditMentions,
  reader: { userId: string; at: Date },
): Promise<AuditNames> {
  const names: AuditNames = { people: {}, spaces: {}, credentials: {} }
  const { handles, spaces, credentials } = mentions
  if (handles.length + spaces.length + credentials.length === 0) return names
  const rows = await runSql<Row>(
    pool,
    Prisma.sql`
    SELECT 'person' AS kind, handle AS key, name, '' AS more, false AS deleted, false AS "isOpen" FROM user_account
      WHERE handle = ANY(${handles}::text[])
    UNION ALL
    SELECT 'space', s.id::text, s.name, c.name, s.status = 'deleted', ${living} AND s.id = ANY(${reachableSql(reader.userId, reader.at)})
      FROM space s JOIN cluster c ON c.id = s.cluster_id
      WHERE s.id = ANY(${spaces}::uuid[])
    UNION ALL
    SELECT 'credential', c.id::text, u.name, u.handle, false, false FROM credential c JOIN user_account u ON u.id = c.user_id
      WHERE c.id = ANY(${credentials}::uuid[])`,
  )
  for (const { kind, key, name, more, deleted, isOpen } of rows) {
    if (kind === 'person') names.people[key] = name
    else if (kind === 'space') names.spaces[key] = { name, cluster: more, deleted, isOpen }
    else names.credentials[key] = { handle: more, name }
  }
  return names
}
