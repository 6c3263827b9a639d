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

type Asked = {
  handle: string
  host: string
  dryRun: boolean
  /** Called for a table in which there was something, with how many rows; again for what was written to it meanwhile. */
  report: (table: string, rows: number) => void
}

/**
 * Puts a pseudonym in the place of a person who left for good, wherever the database has a copy of their name, address or
 * handle, and removes what was only theirs: in bounded steps, each committed with its record in the trail. Everything is gone
 * through while the account still has its name, which can take long; then once more, as far as anything may have been
 * written meanwhile. Whatever interrupts this can be followed by another run, which goes on.
 * @param asked.handle as it was before the first run
 * @returns the pseudonym; null after a dry run
 * @throws Error when nobody has the handle, they are not offboarded with a complete certificate, or have a pseudonym
 */
export async function pseudonymisePerson(pool: Pool, asked: Asked): Promise<string | null> {
  const { handle, host, dryRun } = asked
  if (!dryRun) await beginPseudonym(pool, handle, host)
  await goThrough(pool, asked, null)
  if (dryRun) return null
  await goThrough(pool, asked, await renameToPseudonym(pool, handle))
  return finishPseudonym(pool, handle, host)
}

/**
 * Texts first: a file that is made of them while they are replaced is removed afterwards.
 * @param since the trail from this month on alone; null: all of it
 */
async function goThrough(pool: Pool, { handle, dryRun, report }: Asked, since: TrailMonth | null): Promise<void> {
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

/** @returns how many rows of which tables were removed, or would be */
async function removeAllOwn(pool: Pool, handle: string, dryRun: boolean): Promise<Map<string, number>> {
  const sums = new Map<string, number>()
  for (;;) {
    const removed = (await removeOwnRows(pool, handle, dryRun)).filter(({ rows }) => rows > 0)
    for (const { table, rows } of removed) sums.set(table, (sums.get(table) ?? 0) + rows)
    if (dryRun || removed.length === 0) return sums
  }
}
