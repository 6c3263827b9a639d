import type { Tx } from '#lib/kernel/db/client.ts'

/** Notes that a person who was offboarded is back: their certificate is no longer worked on. @returns whether they were */
export async function closeOffboarding(tx: Tx, personId: string, at: Date): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE offboarding SET reactivated_at = ${at} WHERE person_id = ${personId}::uuid AND reactivated_at IS NULL`
  return count > 0
}
