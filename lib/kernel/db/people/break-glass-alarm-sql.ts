import { Prisma } from '#lib/kernel/db/client.ts'

/** The oldest unacknowledged use of the break-glass account, as JSON of a BreakGlassUse; null: none. */
export const openAlarmSql = Prisma.sql`(
  SELECT json_build_object('id', a.id, 'at', a.used_at, 'handle', h.handle, 'sourceAddress', a.source_address)
  FROM break_glass_code a JOIN user_account h ON h.id = a.used_by_id
  WHERE a.used_at IS NOT NULL AND a.acknowledged_at IS NULL ORDER BY a.used_at LIMIT 1)`
