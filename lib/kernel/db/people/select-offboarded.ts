import type { Db } from '#lib/kernel/db/client.ts'

/** @returns those of some handles whose people were offboarded and are not back */
export async function selectOffboarded(db: Db, handles: readonly string[]): Promise<string[]> {
  const rows = await db.$queryRaw<{ handle: string }[]>`
    SELECT u.handle FROM offboarding o JOIN user_account u ON u.id = o.person_id
    WHERE o.reactivated_at IS NULL AND u.handle = ANY (${[...handles]}::text[])`
  return rows.map(({ handle }) => handle)
}
