import { Prisma } from '#lib/kernel/db/client.ts'
import { knownMemberSql, wordWouldLastSql } from '#lib/kernel/db/people/group-member-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { existing, grantedText, notOver } from '#lib/kernel/db/spaces/effective-sql.ts'

/** @returns how many active people's roles from groups would be paused now if groups counted for so many hours */
export async function countPausing(pool: Pool, hours: number, at: Date): Promise<number> {
  const [row] = await runSql<{ people: number }>(
    pool,
    Prisma.sql`
    SELECT count(*)::int AS people FROM user_account u
    WHERE u.deactivated_at IS NULL AND u.groups_verified_at <= now() - ${wordWouldLastSql(hours, 'u')}
      AND EXISTS (SELECT FROM ${knownMemberSql} m JOIN space_grant g USING ("group", group_issuer) JOIN space s ON s.id = g.space_id
        WHERE m.user_id = u.id AND NOT m.pushed AND ${existing} AND ${notOver(at)} AND ${Prisma.raw(grantedText('m.user_id'))})`,
  )
  return row?.people ?? 0
}
