import { processValue } from '#lib/observability/process-value.ts'
import type { Tx } from './client.ts'

/** The Postgres session of each transaction, noted when its intent is written. */
const sessions = (): WeakMap<Tx, number> => processValue('sessions-of-transactions', () => new WeakMap())
/** Sessions making people's changes in this process; a revocation waits for them instead of ending them. */
const busy = (): Set<number> => processValue('busy-sessions', () => new Set())

export const noteSession = (tx: Tx, pid: number): void => void sessions().set(tx, pid)

/** @returns the process ids of the sessions that are making people's changes in this process */
export const busySessions = (): number[] => [...busy()]

/**
 * Marks a transaction with a written intent as work for a person, so that this process's revocations don't end it.
 * @returns a function that removes the mark; call it after the commit
 */
export function markAsBusy(tx: Tx): () => void {
  const pid = sessions().get(tx)
  if (pid === undefined) return () => {}
  busy().add(pid)
  return () => void busy().delete(pid)
}
