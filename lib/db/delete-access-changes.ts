import type { Db } from './client.ts'

/** Removes changes of access that are older than every gateway's memory of them, a few thousand at once. */
export async function deleteAccessChanges(db: Db, before: Date): Promise<void> {
  await db.$executeRaw`
    DELETE FROM access_change WHERE id IN (SELECT id FROM access_change WHERE at < ${before} ORDER BY at LIMIT 5000)`
}
