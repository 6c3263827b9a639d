import type { Db, Tx } from '#lib/kernel/db/client.ts'

export type Account = { id: string; handle: string; name: string; deactivatedAt: Date | null }

/** @returns a person by id; null when there is none */
export const findAccount = (db: Db | Tx, id: string): Promise<Account | null> =>
  db.user.findUnique({ where: { id }, select: { id: true, handle: true, name: true, deactivatedAt: true } })
