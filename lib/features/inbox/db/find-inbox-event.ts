import type { Db, Tx } from '#lib/kernel/db/client.ts'

/** @returns the space that a person's event is about, if any; null when they have no such event */
export const findInboxEvent = (db: Db | Tx, userId: string, id: string): Promise<{ spaceId: string | null } | null> =>
  db.inboxEvent.findFirst({ where: { id, userId }, select: { spaceId: true } })
