/**
 * Ends Postgres sessions that hold locks a revocation needs, except the owner's (ADR 39). Only for transactions that
 * end access; others wait, or fail as busy.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { isDatabaseUnavailable } from '#lib/kernel/model/database-failure.ts'
import type { Logger } from '#lib/observability/logger.ts'
import { busySessions } from './busy-sessions.ts'
import type { Db, Tx } from './client.ts'
import { inTransaction } from './in-transaction.ts'
import type { Pool } from './pool.ts'

/** Delays before ending sessions of other logins, and of the process's own login, which other processes may share. */
const afterMs = { others: 150, own: 400 }
const pauseMs = 100
/** Retries of a transaction after its own session was ended, and their time limit. */
const attempts = 3
const againWithinMs = 2_000

/**
 * `sparesOwn` keeps sessions of the process's own login, because an identity provider's job asks, and may be stolen.
 */
export type Blocked = { db: Db; pool: Pool; log: Logger; sparesOwn?: boolean }

/**
 * Like inTransaction, for a transaction that ends access. Retries if its session is ended by another revocation that it
 * blocked, or by an attacker with the same login.
 * @throws whatever the work or the commit throws
 */
export async function inUnblockedTransaction<T>(
  blocked: Blocked,
  work: (tx: Tx) => Promise<T>,
  patienceMs?: number,
): Promise<T> {
  const start = performance.now()
  for (let attempt = 1; ; attempt++) {
    const stopped = new AbortController()
    try {
      return await inTransaction(
        blocked.db,
        async (tx) => {
          const [session] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`
          if (session) void endBlockers(blocked, session.pid, stopped.signal)
          return work(tx)
        },
        patienceMs,
      )
    } catch (error) {
      if (attempt === attempts || performance.now() > start + againWithinMs || !wasEnded(error)) throw error
    } finally {
      stopped.abort()
    }
  }
}

/** No process id: there is no session to unblock. */
const none = 0

/**
 * Runs code that reads before its transaction, and ends sessions that lock whole tables.
 * @throws whatever it throws
 */
export async function whileUnblocked<T>(blocked: Blocked, run: () => Promise<T>): Promise<T> {
  const stopped = new AbortController()
  void endBlockers(blocked, none, stopped.signal)
  try {
    return await run()
  } finally {
    stopped.abort()
  }
}

/** @param pid of the session that may be blocked; a session of the pool's login */
async function endBlockers({ pool, log, sparesOwn = false }: Blocked, pid: number, signal: AbortSignal): Promise<void> {
  const refuse = (error?: unknown) =>
    log.error({ error }, 'a revocation is blocked by sessions that can’t be ended (docs/install.md, Postgres)')
  const start = performance.now()
  await pause(afterMs.others, signal)
  while (!signal.aborted) {
    const own = !sparesOwn && performance.now() >= start + afterMs.own
    try {
      const { ended, refused } = await askToEnd(pool, pid, own)
      if (ended > 0) log.warn({ ended }, 'Postgres sessions that blocked a revocation were ended')
      if (refused > 0) return refuse()
    } catch (error) {
      if (!isDatabaseUnavailable(error)) return refuse(error)
    }
    await pause(pauseMs, signal)
  }
}

async function askToEnd(pool: Pool, pid: number, own: boolean): Promise<{ ended: number; refused: number }> {
  // Connect first: while this waits for a connection, other sessions may start working for people.
  const client = await pool.connect()
  try {
    const { rows } = await client.query<{ ended: number; refused: number }>(
      'SELECT ended, refused FROM end_blockers($1, $2, $3)',
      [pid, own, busySessions()],
    )
    return rows[0] ?? { ended: 0, refused: 0 }
  } finally {
    client.release()
  }
}

const pause = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal, ref: false }).catch(() => {})

/** Postgres: admin_shutdown, which the driver may report as a lost connection, or deadlock_detected. */
const ended =
  /terminating connection due to administrator command|connection terminated|not queryable|57P01|40P01|deadlock detected/i

function wasEnded(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ended.test(`${error.message} ${JSON.stringify('meta' in error ? error.meta : '')}`) || wasEnded(error.cause)
}
