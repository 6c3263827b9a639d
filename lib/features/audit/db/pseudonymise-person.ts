import type { Pool } from '#lib/kernel/db/pool.ts'
import type { TrailMonth } from '#lib/kernel/model/audit/trail-month.ts'

/** As many pages of a table as `pseudonymisePages` looks through at a time. */
export const pagesAtOnce = 500

/**
 * Writes to the trail that a person gets a pseudonym, and begins with it, or goes on with what was begun.
 * @throws Error when nobody has the handle, or they are not offboarded with a complete certificate
 */
export async function beginPseudonym(pool: Pool, handle: string, host: string): Promise<void> {
  await pool.query('SELECT begin_pseudonym($1, $2)', [handle, host])
}

/** Removes what was only the person's, up to a thousand rows of each table; dry: counts all of it. @returns how many */
export async function removeOwnRows(
  pool: Pool,
  handle: string,
  dry: boolean,
): Promise<{ table: string; rows: number }[]> {
  const { rows } = await pool.query<{ table: string; rows: number }>(
    'SELECT name AS "table", touched::float8 AS rows FROM remove_own_rows($1, $2)',
    [handle, dry],
  )
  return rows
}

/** @returns the tables whose texts are looked through, the trail's months included, and how many pages each has */
export async function selectPseudonymTables(pool: Pool): Promise<{ table: string; pages: number }[]> {
  const { rows } = await pool.query<{ table: string; pages: number }>(
    'SELECT name AS "table", pages::float8 AS pages FROM pseudonym_tables()',
  )
  return rows
}

/**
 * Puts the pseudonym into one stretch of a table; dry: counts. Rows of the trail are recorded there first.
 * @param at.from its first page
 * @returns how many rows
 */
export async function pseudonymisePages(
  pool: Pool,
  at: { handle: string; table: string; from: number },
  dry: boolean,
): Promise<number> {
  const { rows } = await pool.query<{ rows: number }>('SELECT pseudonymise_pages($1, $2, $3, $4)::float8 AS rows', [
    at.handle,
    at.table,
    at.from,
    dry,
  ])
  return rows[0]?.rows ?? 0
}

/**
 * Gives the account its pseudonym: from here on, nothing new says who it was. Later steps take the old handle all the same.
 * @returns the month in which the run began: what was written to the trail meanwhile is in this one or in later ones
 */
export async function renameToPseudonym(pool: Pool, handle: string): Promise<TrailMonth> {
  const { rows } = await pool.query<{ since: number }>('SELECT rename_to_pseudonym($1) AS since', [handle])
  return rows[0]?.since ?? 0
}

/** The last step: forgets what was looked for, and writes the outcome to the trail. @returns the pseudonym */
export async function finishPseudonym(pool: Pool, handle: string, host: string): Promise<string> {
  const { rows } = await pool.query<{ handle: string }>('SELECT finish_pseudonym($1, $2) AS handle', [handle, host])
  return rows[0]?.handle ?? ''
}
