import type { Pool } from '#lib/kernel/db/pool.ts'
import type { TrailMonth } from '#lib/kernel/model/audit/trail-month.ts'

/** The number of table pages that `pseudonymisePages` processes at a time. */
export const pagesAtOnce = 500

/**
 * Records in the trail that a person gets a pseudonym, and starts that or continues an interrupted run.
 * @throws Error when the handle is unknown, or the person isn't offboarded with a complete certificate
 */
export async function beginPseudonym(pool: Pool, handle: string, host: string): Promise<void> {
  await pool.query('SELECT begin_pseudonym($1, $2)', [handle, host])
}

/**
 * Removes the person's own rows, up to a thousand per table; a dry run counts them all.
 * @returns how many
 */
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

/** @returns the tables to search for texts, including the trail's months, with their number of pages */
export async function selectPseudonymTables(pool: Pool): Promise<{ table: string; pages: number }[]> {
  const { rows } = await pool.query<{ table: string; pages: number }>(
    'SELECT name AS "table", pages::float8 AS pages FROM pseudonym_tables()',
  )
  return rows
}

/**
 * Puts the pseudonym into a range of a table's pages; a dry run counts. Rows of the trail are recorded there first.
 * @param at.from the first page
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
 * Renames the account to its pseudonym, after which new data doesn't identify the person. Later steps still use the old
 * handle.
 * @returns the month in which the run began. Anything written to the trail since then is in this month or later ones.
 */
export async function renameToPseudonym(pool: Pool, handle: string): Promise<TrailMonth> {
  const { rows } = await pool.query<{ since: number }>('SELECT rename_to_pseudonym($1) AS since', [handle])
  return rows[0]?.since ?? 0
}

/**
 * The last step: deletes the run's search terms, and writes the outcome to the trail.
 * @returns the pseudonym
 */
export async function finishPseudonym(pool: Pool, handle: string, host: string): Promise<string> {
  const { rows } = await pool.query<{ handle: string }>('SELECT finish_pseudonym($1, $2) AS handle', [handle, host])
  return rows[0]?.handle ?? ''
}
