import type { Db, Tx } from '#lib/kernel/db/client.ts'

export type OwnRequest = {
  spaceId: string | null
  payload: unknown
  space: { name: string; cluster: { name: string } } | null
}

/** @returns what a person's request is about; null when they made no such request */
export const findOwnRequest = (db: Db | Tx, requesterId: string, id: string): Promise<OwnRequest | null> =>
  db.request.findFirst({
    where: { id, requesterId },
    select: { spaceId: true, payload: true, space: { select: { name: true, cluster: { select: { name: true } } } } },
  })
