import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { existing } from '#lib/kernel/db/spaces/effective-sql.ts'
import { parseEvent } from '#lib/kernel/model/inbox/event.ts'
import type { AdminNotice } from '#lib/kernel/model/people/admin-act.ts'

const most = 20

/** @returns unread actions by platform admins on a person's spaces (one, or all existing), newest first, at most 20 */
export async function selectAdminActs(pool: Pool, userId: string, spaceId: string | null): Promise<AdminNotice[]> {
  const rows = await runSql<{ id: string; at: Date; data: unknown }>(
    pool,
    Prisma.sql`
    SELECT e.id, e.created_at AS at, e.data FROM inbox_event e JOIN space s ON s.id = e.space_id
    WHERE e.user_id = ${userId}::uuid AND e.read_at IS NULL AND e.kind = 'admin-act' AND ${existing}
      AND (${spaceId}::uuid IS NULL OR e.space_id = ${spaceId}::uuid)
    ORDER BY e.created_at DESC, e.id LIMIT ${most}`,
  )
  return rows.flatMap(({ id, at, data }) => {
    const event = parseEvent('admin-act', data)
    return event?.kind === 'admin-act' ? [{ id, at, space: event.space, act: event.act }] : []
  })
}
