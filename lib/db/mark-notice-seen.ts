import type { Tx } from './client.ts'

/** Writes that a person has seen a notice of theirs. @returns whether it was unseen until now */
export async function markNoticeSeen(tx: Tx, userId: string, id: string, at: Date): Promise<boolean> {
  const { count } = await tx.notice.updateMany({ where: { id, userId, seenAt: null }, data: { seenAt: at } })
  return count > 0
}
