import type { Tx } from '#lib/kernel/db/client.ts'

/** @returns how many requests a person made after an instant, whatever their state */
export const countRequestsSince = (tx: Tx, requesterId: string, after: Date): Promise<number> =>
  tx.request.count({ where: { requesterId, createdAt: { gt: after } } })
