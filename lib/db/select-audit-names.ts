import type { AuditMentions } from '#lib/domain/audit-mentions.ts'
import type { AuditNames } from '#lib/domain/audit-view.ts'
import { Prisma } from './client.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'

type Row = { kind: 'person' | 'space' | 'credential'; key: string; name: string; more: string; deleted: boolean }

/** @returns the names of what a page of the trail mentions; no statement where it mentions nothing */
export async function selectAuditNames(pool: Pool, mentions: AuditMentions): Promise<AuditNames> {
  const names: AuditNames = { people: {}, spaces: {}, credentials: {} }
  const { handles, spaces, credentials } = mentions
  if (handles.length + spaces.length + credentials.length === 0) return names
  const rows = await runSql<Row>(
    pool,
    Prisma.sql`
    SELECT 'person' AS kind, handle AS key, name, '' AS more, false AS deleted FROM user_account
      WHERE handle = ANY(${handles}::text[])
    UNION ALL
    SELECT 'space', s.id::text, s.name, c.name, s.status = 'deleted' FROM space s JOIN cluster c ON c.id = s.cluster_id
      WHERE s.id = ANY(${spaces}::uuid[])
    UNION ALL
    SELECT 'credential', c.id::text, u.name, u.handle, false FROM credential c JOIN user_account u ON u.id = c.user_id
      WHERE c.id = ANY(${credentials}::uuid[])`,
  )
  for (const { kind, key, name, more, deleted } of rows) {
    if (kind === 'person') names.people[key] = name
    else if (kind === 'space') names.spaces[key] = { name, cluster: more, deleted }
    else names.credentials[key] = { handle: more, name }
  }
  return names
}
