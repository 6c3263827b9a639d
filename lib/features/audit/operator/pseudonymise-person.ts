import {
  beginPseudonym,
  finishPseudonym,
  pagesAtOnce,
  pseudonymisePages,
  removeOwnRows,
  renameToPseudonym,
  selectPseudonymTables,
} from '#lib/features/audit/db/pseudonymise-person.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import type { TrailMonth } from '#lib/kernel/model/audit/trail-month.ts'

type PseudonymOptions = {
  handle: string
  host: string
  dryRun: boolean
  /** Called for each table with affected rows, and again for rows written during the run. */
  report: (table: string, rows: number) => void
}

/**
 * Replaces an offboarded person by a pseudonym wherever the database has their name, address or handle, and removes
 * their own data, in bounded steps, each committed with its record in the trail. The long first pass runs while the
 * account still has its name, a second pass covers anything written since. An interrupted run can be continued.
 * @param options.handle as it was before the first run
 * @returns the pseudonym; null after a dry run
 * @throws Error when the handle is unknown, or the person isn't offboarded with a complete certificate or already has a
 * pseudonym
 */
export async function pseudonymisePerson(pool: Pool, options: PseudonymOptions): Promise<string | null> {
  const { handle, host, dryRun } = options
  if (!dryRun) await beginPseudonym(pool, handle, host)
  await goThrough(pool, options, null)
  if (dryRun) return null
  await goThrough(pool, options, await renameToPseudonym(pool, handle))
  return finishPseudonym(pool, handle, host)
}

/**
 * Texts first: files derived from them during the replacement are removed afterwards.
 * @param since only the trail from this month on; null: all of it
 */
async function goThrough(
  pool: Pool,
  { handle, dryRun, report }: PseudonymOptions,
  since: TrailMonth | null,
): Promise<void> {
  for (const { table, pages } of await selectPseudonymTables(pool)) {
    const month = /^audit_event_(\d{6}|before)$/.exec(table)?.[1]
    if (month !== undefined && since !== null && !(Number(month) >= since)) continue
    let rows = 0
    for (let from = 0; from < pages; from += pagesAtOnce)
      rows += await pseudonymisePages(pool, { handle, table, from }, dryRun)
    if (rows > 0) report(table, rows)
  }
  for (const [table, rows] of await removeAllOwn(pool, handle, dryRun)) report(table, rows)
}

/** @returns the number of rows per table that were removed, or would be */
async function removeAllOwn(pool: Pool, handle: string, dryRun: boolean): Promise<Map<string, number>> {
  const sums = new Map<string, number>()
  for (;;) {
    const removed = (await removeOwnRows(pool, handle, dryRun)).filter(({ rows }) => rows > 0)
    for (const { table, rows } of removed) sums.set(table, (sums.get(table) ?? 0) + rows)
    if (dryRun || removed.length === 0) return sums
  }
}
