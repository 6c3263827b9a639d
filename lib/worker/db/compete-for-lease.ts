import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { connectionOptions } from '#lib/kernel/db/pool.ts'

/** How often to ask for a lease that is taken, and to check our own connection. */
const askEveryMs = 1_000
/** A slower check means that the connection is lost. */
const maxAnswerMs = 4_000
/** Postgres ends the session of a holder that is silent for this long: it hangs, or its network does. */
const maxSilenceMs = 8_000
/** How long a process that gave a lease back leaves it to others. */
const restMs = 3_000

type Options = {
  databaseUrl: string
  applicationName: string
  name: string
  /**
   * Called with the lease. Must end soon after the signal is aborted, because the lease is then lost. If it ends
   * earlier, the lease is given back, and other processes come first.
   */
  hold: (signal: AbortSignal) => Promise<void>
  onTrouble: (error: unknown) => void
}

/**
 * Competes with other processes for a lease: a session-level advisory lock on its own connection. When the holder dies,
 * another process holds the lease within two seconds; when it hangs or loses its network, within ten. A hanging holder
 * may continue for a moment, so its work must be safe to do twice.
 * @returns how to stop: the lease is given back once `hold` has ended
 */
export function competeForLease({ databaseUrl, applicationName, name, hold, onTrouble }: Options) {
  const stopped = new AbortController()
  const { signal } = stopped
  const pause = (ms: number) => delay(ms, undefined, { signal }).catch(() => undefined)

  async function connect(): Promise<pg.Client> {
    const options = { process: 'worker', max: 1, applicationName, sessionTimeout: maxSilenceMs } as const
    const { max: _max, idleTimeoutMillis: _idle, ...connection } = connectionOptions(databaseUrl, options)
    const client = new pg.Client({ ...connection, query_timeout: maxAnswerMs })
    // The next query fails.
    client.on('error', () => {})
    await client.connect()
    return client
  }

  async function obtain(client: pg.Client): Promise<boolean> {
    const { rows } = await client.query<{ held: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 8)) AS held',
      [name],
    )
    return rows[0]?.held === true
  }

  /** @returns once `hold` has ended; @throws when the connection is lost */
  async function keep(client: pg.Client): Promise<void> {
    const lost = new AbortController()
    const ended = new AbortController()
    const working = hold(AbortSignal.any([lost.signal, signal]))
      .catch(onTrouble)
      .finally(() => ended.abort())
    try {
      while (!ended.signal.aborted) {
        await delay(askEveryMs, undefined, { signal: ended.signal }).catch(() => undefined)
        await client.query('SELECT 1')
      }
    } finally {
      lost.abort()
      await working
    }
  }

  async function compete(): Promise<void> {
    while (!signal.aborted) {
      let client: pg.Client | undefined
      try {
        client = await connect()
        while (!signal.aborted) {
          if (await obtain(client)) {
            await keep(client)
            await client.query('SELECT pg_advisory_unlock_all()')
            await pause(restMs)
          } else await pause(askEveryMs)
        }
      } catch (error) {
        onTrouble(error)
        await pause(askEveryMs)
      } finally {
        await client?.end().catch(() => {})
      }
    }
  }

  const competing = compete()
  return {
    async stop(): Promise<void> {
      stopped.abort()
      await competing
    },
  }
}
