import type { Tx } from '#lib/kernel/db/client.ts'

/** Locks a space's row until the transaction ends: its owner, status and grants stay as read from then on. */
export async function holdSpaceRow(tx: Tx, spaceId: string): Promise<void> {
  await tx.$executeRaw`/* kept plan: hold-space-row */ SELECT 1 FROM space WHERE id = ${spaceId}::uuid FOR NO KEY UPDATE`
}
