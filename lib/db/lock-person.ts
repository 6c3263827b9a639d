import type { Tx } from './client.ts'

/** Holds a person's row until the transaction ends: what is counted of them stays as it was counted. */
export async function lockPerson(tx: Tx, userId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM user_account WHERE id = ${userId}::uuid FOR UPDATE`
}
