import type { StoredGroup } from '#lib/scim/render.ts'
import { Prisma, type Tx } from './client.ts'
import { runSql } from './run-sql.ts'
import { type ScimGroupRow, scimGroupColumns, storedGroup } from './scim-group-sql.ts'

/** @returns a pushed group, without its members, with its row held until the transaction ends; null: there is none */
export async function holdScimGroup(tx: Tx, id: string): Promise<StoredGroup | null> {
  const [row] = await runSql<ScimGroupRow>(
    tx,
    Prisma.sql`SELECT ${scimGroupColumns} FROM scim_group sg WHERE sg.id = ${id}::uuid FOR UPDATE`,
  )
  return row ? storedGroup(row, null) : null
}
