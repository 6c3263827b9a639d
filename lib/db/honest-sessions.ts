import { processValue } from '#lib/observability/process-value.ts'
import type { Tx } from './client.ts'

/** Which session of Postgres a transaction is on, as its intent was told. */
const sessions = (): WeakMap<Tx, number> => processValue('sessions-of-transactions', () => new WeakMap())
/** Sessions on which this process makes people's changes right now: a revocation waits for them instead of ending them. */
const honest = (): Set<number> => processValue('honest-sessions', () => new Set())

export const noteSession = (tx: Tx, pid: number): void => void sessions().set(tx, pid)

/** @returns the numbers of the sessions that are at work for people of this process */
export const honestSessions = (): number[] => [...honest()]

/** Runs what follows the intent in a transaction, as work that no revocation of this process ends. */
export async function asHonestSession<T>(tx: Tx, run: () => Promise<T>): Promise<T> {
  const pid = sessions().get(tx)
  if (pid === undefined) return run()
  honest().add(pid)
  try {
    return await run()
  } finally {
    // Its commit is a moment, in which nobody waits for it for long.
    honest().delete(pid)
  }
}
