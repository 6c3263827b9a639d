import type { StoredGroup } from '#lib/features/scim/protocol/render.ts'
import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { type ScimGroupRow, scimGroupColumns, storedGroup } from './scim-group-sql.ts'

/** With the token that last named it; null: not known. */
export type HeldGroup = StoredGroup & { namedById: string | null }

/** @returns a pushed group, without its members, with its row held until the transaction ends; null: there is none */
export async function holdScimGroup(tx: Tx, id: string): Promise<HeldGroup | null> {
  const [row] = await runSql<ScimGroupRow & { namedById: string | null }>(
    tx,
    Prisma.sql`SELECT ${scimGroupColumns}, sg.named_by_id AS "namedById" FROM scim_group sg WHERE sg.id = ${id}::uuid FOR UPDATE`,
  )
  if (!row) return null
  const { namedById, ...group } = row
  return { ...storedGroup(group, null), namedById }
}
