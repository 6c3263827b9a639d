import type { Db, Tx } from './client.ts'

/** @returns the space that a person's notice is about; null when they have no such notice */
export const findNotice = (db: Db | Tx, userId: string, id: string): Promise<{ spaceId: string } | null> =>
  db.notice.findFirst({ where: { id, userId }, select: { spaceId: true } })
