import type { Db, Tx } from './client.ts'

/**
 * Runs work in one transaction: all of what it writes stands, or nothing does.
 * @throws what the work or the commit throws
 */
export const inTransaction = <T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> => db.$transaction(work)
