import type { Db, Tx } from './client.ts'

/** @returns the space that a person's request is about, if any; null when they made no such request */
export const findOwnRequest = (
  db: Db | Tx,
  requesterId: string,
  id: string,
): Promise<{ spaceId: string | null } | null> =>
  db.request.findFirst({ where: { id, requesterId }, select: { spaceId: true } })
