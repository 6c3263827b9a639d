import type { Tx } from './client.ts'

/** Holds a space's row until the transaction ends: its owner, its status and its grants stay as they are then read. */
export async function holdSpaceRow(tx: Tx, spaceId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM space WHERE id = ${spaceId}::uuid FOR NO KEY UPDATE`
}
