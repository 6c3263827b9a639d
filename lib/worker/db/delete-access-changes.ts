import type { Db } from '#lib/kernel/db/client.ts'

/** Removes access changes that no gateway can still need, a few thousand at a time. */
export async function deleteAccessChanges(db: Db, before: Date): Promise<void> {
  await db.$executeRaw`
    DELETE FROM access_change WHERE id IN (SELECT id FROM access_change WHERE at < ${before} ORDER BY at LIMIT 5000)`
}
