import type { StoredGroup } from '#lib/features/scim/protocol/render.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import { membersOf, type ScimGroupRow, scimGroupColumns, storedGroup } from './scim-group-sql.ts'

/** @returns a pushed group; null: there is none */
export async function findScimGroup(
  reader: Reader,
  id: string,
  { withMembers }: { withMembers: boolean },
): Promise<StoredGroup | null> {
  const [row] = await runSql<ScimGroupRow>(
    reader,
    Prisma.sql`SELECT ${scimGroupColumns} FROM scim_group sg WHERE sg.id = ${id}::uuid`,
  )
  if (!row) return null
  return storedGroup(row, withMembers ? await membersOf(reader, id) : null)
}
