import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import type { Account } from './find-person.ts'

/** A person and their offboarding in force; null: none. */
export type DepartingUser = Account & { offboarding: string | null }

export async function findDepartingUser(reader: Reader | Tx, id: string): Promise<DepartingUser | null> {
  const [found] = await runSql<DepartingUser>(
    reader,
    Prisma.sql`
    SELECT u.id, u.handle, u.name, u.deactivated_at AS "deactivatedAt",
      (SELECT o.id FROM offboarding o WHERE o.person_id = u.id AND o.reactivated_at IS NULL) AS offboarding
    FROM user_account u WHERE u.id = ${id}::uuid`,
  )
  return found ?? null
}
