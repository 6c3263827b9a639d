import type { Tx } from './client.ts'

/** Marks a person's notice as seen. @returns whether it was unseen before */
export async function markNoticeSeen(tx: Tx, userId: string, id: string, at: Date): Promise<boolean> {
  const { count } = await tx.notice.updateMany({ where: { id, userId, seenAt: null }, data: { seenAt: at } })
  return count > 0
}
