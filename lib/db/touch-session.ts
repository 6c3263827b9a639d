import type { Db } from './client.ts'

/** Records that a session was used. A session that has ended stays ended. */
export async function touchSession(db: Db, id: string, at: Date): Promise<void> {
  await db.session.updateMany({ where: { id, lastSeenAt: { lt: at } }, data: { lastSeenAt: at } })
}
