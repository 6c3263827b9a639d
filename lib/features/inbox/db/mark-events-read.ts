import type { Tx } from '#lib/kernel/db/client.ts'

/** Marks a person's event as read. @returns whether it was unread before */
export async function markEventRead(tx: Tx, userId: string, id: string, at: Date): Promise<boolean> {
  const { count } = await tx.inboxEvent.updateMany({ where: { id, userId, readAt: null }, data: { readAt: at } })
  return count > 0
}

/** Marks everything that a person has been told until an instant as read. @returns how many were unread before */
export async function markAllEventsRead(tx: Tx, userId: string, at: Date): Promise<number> {
  const { count } = await tx.inboxEvent.updateMany({
    where: { userId, readAt: null, createdAt: { lte: at } },
    data: { readAt: at },
  })
  return count
}
