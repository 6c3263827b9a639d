import type { Tx } from '#lib/kernel/db/client.ts'

/**
 * Records that an offboarded person was reactivated, which stops the work on their certificate.
 * @returns whether they were offboarded
 */
export async function closeOffboarding(tx: Tx, personId: string, at: Date): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE offboarding SET reactivated_at = ${at} WHERE person_id = ${personId}::uuid AND reactivated_at IS NULL`
  return count > 0
}
