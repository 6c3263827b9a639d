import type { OfficeAct } from '#lib/domain/office-act.ts'
import { parseOfficeAct } from '#lib/domain/parse-office-act.ts'
import { Prisma } from './client.ts'
import { existing } from './effective-sql.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'

export type NoticeRecord = { id: string; at: Date; act: OfficeAct; space: string; cluster: string }

const maxNotices = 20

/** @returns a person's unseen notices, about one space or all existing ones; newest first, at most 20 */
export async function selectNotices(pool: Pool, userId: string, spaceId: string | null): Promise<NoticeRecord[]> {
  const rows = await runSql<Omit<NoticeRecord, 'act'> & { act: unknown }>(
    pool,
    Prisma.sql`
    SELECT n.id, n.created_at AS at, n.act, s.name AS space, c.name AS cluster
    FROM notice n JOIN space s ON s.id = n.space_id JOIN cluster c ON c.id = s.cluster_id
    WHERE n.user_id = ${userId}::uuid AND n.seen_at IS NULL AND ${existing}
      AND (${spaceId}::uuid IS NULL OR n.space_id = ${spaceId}::uuid)
    ORDER BY n.created_at DESC, n.id LIMIT ${maxNotices}`,
  )
  return rows.map(({ act, ...row }) => ({ ...row, act: parseOfficeAct(act) }))
}
