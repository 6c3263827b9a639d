import type { FilteredList, FilterQuery, SavedFilter } from '#lib/features/filters/model/saved-filter.ts'
import { type Db, Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'

/** @returns a person's saved filters of a list, by name */
export const selectSavedFilters = (reader: Reader, personId: string, list: FilteredList): Promise<SavedFilter[]> =>
  runSql<SavedFilter>(
    reader,
    Prisma.sql`
    SELECT id, name, query FROM saved_filter
    WHERE person_id = ${personId}::uuid AND list = ${list}::filtered_list ORDER BY lower(name), name, id`,
  )

export type FilterRecord = { list: FilteredList; name: string }

/** @returns one of a person's saved filters, or null */
export async function findSavedFilter(db: Db | Tx, personId: string, id: string): Promise<FilterRecord | null> {
  const [row] = await db.$queryRaw<FilterRecord[]>`
    SELECT list::text AS list, name FROM saved_filter WHERE id = ${id}::uuid AND person_id = ${personId}::uuid`
  return row ?? null
}

type NewFilter = {
  id: string
  personId: string
  list: FilteredList
  name: string
  query: FilterQuery
  createdAt: Date
}

export async function insertSavedFilter(tx: Tx, filter: NewFilter): Promise<void> {
  const { id, personId, list, name, query, createdAt } = filter
  await tx.$executeRaw`INSERT INTO saved_filter (id, person_id, list, name, query, created_at)
    VALUES (${id}::uuid, ${personId}::uuid, ${list}::filtered_list, ${name}, ${JSON.stringify(query)}::jsonb, ${createdAt})`
}

/**
 * Renames a person's saved filter.
 * @returns whether it existed
 */
export const renameSavedFilter = async (tx: Tx, personId: string, id: string, name: string): Promise<boolean> =>
  (await tx.$executeRaw`UPDATE saved_filter SET name = ${name} WHERE id = ${id}::uuid AND person_id = ${personId}::uuid`) ===
  1

/**
 * Deletes a person's saved filter.
 * @returns whether it existed
 */
export const deleteSavedFilter = async (tx: Tx, personId: string, id: string): Promise<boolean> =>
  (await tx.$executeRaw`DELETE FROM saved_filter WHERE id = ${id}::uuid AND person_id = ${personId}::uuid`) === 1
