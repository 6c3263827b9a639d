import type { Tx } from '#lib/kernel/db/client.ts'

/** Gives a review in which people decide a later end. @returns whether it is one */
export async function extendReviewRow(tx: Tx, id: string, dueAt: Date, at: Date): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE review SET due_at = ${dueAt}, reminded_days = NULL WHERE id = ${id}::uuid AND state = 'open' AND due_at > ${at} AND due_at < ${dueAt}`
  return count > 0
}
