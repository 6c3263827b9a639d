import type { Db, Tx } from './client.ts'

/** Limit on the wait for a connection, as for other queries. */
const maxWaitMs = 5_000

/**
 * Runs work in one transaction, which commits everything it writes or nothing.
 * @param patienceMs time limit; rows stay locked as long
 * @throws whatever the work or the commit throws
 */
export const inTransaction = <T>(db: Db, work: (tx: Tx) => Promise<T>, patienceMs = 5_000): Promise<T> =>
  db.$transaction(work, { timeout: patienceMs, maxWait: maxWaitMs })
