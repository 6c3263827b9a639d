import type { Db, Tx } from './client.ts'

/**
 * Runs work in one transaction: everything that it writes is committed, or nothing is.
 * @throws what the work or the commit throws
 */
export const inTransaction = <T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> => db.$transaction(work)
