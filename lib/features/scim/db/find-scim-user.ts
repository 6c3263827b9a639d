import type { StoredUser } from '#lib/features/scim/protocol/render.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import { type ScimUserRow, scimUserColumns, storedUser } from './scim-user-sql.ts'

/** @returns a provisioned person with the groups that they were pushed into; null: there is none */
export async function findScimUser(reader: Reader, id: string): Promise<StoredUser | null> {
  const [row] = await runSql<ScimUserRow>(
    reader,
    Prisma.sql`
    SELECT ${scimUserColumns} FROM scim_user su JOIN user_account u ON u.id = su.user_id WHERE su.id = ${id}::uuid`,
  )
  return row ? storedUser(row) : null
}
