import { processValue } from '#lib/observability/process-value.ts'
import type { Tx } from './client.ts'

/** Which session of Postgres a transaction is on, as its intent was told. */
const sessions = (): WeakMap<Tx, number> => processValue('sessions-of-transactions', () => new WeakMap())
/** Sessions on which this process makes people's changes right now: a revocation waits for them instead of ending them. */
const honest = (): Set<number> => processValue('honest-sessions', () => new Set())

export const noteSession = (tx: Tx, pid: number): void => void sessions().set(tx, pid)

/** @returns the numbers of the sessions that are at work for people of this process */
export const honestSessions = (): number[] => [...honest()]

/**
 * Marks a transaction, whose intent was told, as work for a person: no revocation of this process ends it.
 * @returns how to take the mark off: once the transaction has ended, since its commit is part of the work
 */
export function markAsHonest(tx: Tx): () => void {
  const pid = sessions().get(tx)
  if (pid === undefined) return () => {}
  honest().add(pid)
  return () => void honest().delete(pid)
}
