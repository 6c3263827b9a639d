import type { Db, Tx } from './client.ts'

/** For a connection: as long as other queries wait for one. */
const maxWaitMs = 5_000

/**
 * Runs work in one transaction: everything that it writes is committed, or nothing is.
 * @param patienceMs how long it may take; rows are held for as long
 * @throws what the work or the commit throws
 */
export const inTransaction = <T>(db: Db, work: (tx: Tx) => Promise<T>, patienceMs = 5_000): Promise<T> =>
  db.$transaction(work, { timeout: patienceMs, maxWait: maxWaitMs })
