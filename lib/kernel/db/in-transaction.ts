import type { Db, Tx } from './client.ts'

/**
 * Runs work in one transaction, which commits everything it writes or nothing.
 * @param patienceMs time limit, by default the client’s; rows stay locked as long
 * @throws whatever the work or the commit throws
 */
export const inTransaction = <T>(db: Db, work: (tx: Tx) => Promise<T>, patienceMs?: number): Promise<T> =>
  db.$transaction(work, patienceMs === undefined ? {} : { timeout: patienceMs })
