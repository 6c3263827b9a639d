import type { Tx } from './client.ts'

/**
 * Holds a person's row until the transaction ends: what is counted of them stays as it was counted. Rows that refer to
 * them may be written meanwhile, or two who decide on each other's requests would wait for each other.
 */
export async function lockPerson(tx: Tx, userId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM user_account WHERE id = ${userId}::uuid FOR NO KEY UPDATE`
}
