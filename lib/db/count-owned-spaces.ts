import type { Db, Tx } from './client.ts'

/** @returns how many spaces a person owns; those being deleted do not count */
export async function countOwnedSpaces(db: Db | Tx, userId: string): Promise<number> {
  const rows = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM space WHERE owner_id = ${userId}::uuid AND status NOT IN ('deleted', 'deleting')`
  return rows[0]?.count ?? 0
}

/** The same, holding the person's row until the transaction ends: two creates at once can't both pass the limit. */
export async function lockOwnedSpaces(tx: Tx, userId: string): Promise<number> {
  await tx.$executeRaw`SELECT 1 FROM user_account WHERE id = ${userId}::uuid FOR UPDATE`
  return countOwnedSpaces(tx, userId)
}
