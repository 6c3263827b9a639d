import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { withDeadline } from '#lib/time/with-deadline.ts'
import { connectionOptions } from './pool.ts'
import { asPoolerFault, noSessionsFault } from './pooler-fault.ts'
import type { ProcessName } from './session-of-process.ts'

/**
 * Sends a notification over a separate connection. If it doesn't arrive at the listening connection, nothing else does.
 */
export type Echo = {
  channel: string
  /** Resolves once the notification is committed. @throws when it couldn’t be sent */
  send: (payload: string) => Promise<void>
}

type Options = {
  process: ProcessName
  databaseUrl: string
  applicationName: string
  channels: readonly string[]
  /** With a pooler: each probe checks that notifications arrive here. */
  echo?: Echo | undefined
  onMessage: (channel: string, payload: string) => void
  /** Called after each new connection: notifications may have been missed, so drop all caches. */
  onConnected?: () => void
  onLost?: (error: Error) => void
}

const firstDelayMs = 100
const maxDelayMs = 2_000
const probeEveryMs = 5_000
/** Postgres delivers within milliseconds. */
const echoMs = 4_000

/**
 * Listens on a dedicated connection and reconnects automatically. A probe every five seconds detects a connection that
 * is dead or receives nothing.
 * @returns `connected()` for health checks, and `close()`
 */
export function listen(given: Options) {
  const { process, databaseUrl, applicationName, channels, echo, onMessage, onConnected, onLost } = given
  let client: pg.Client | undefined
  let closed = false
  let alive = false
  let delay = firstDelayMs
  let timer: NodeJS.Timeout | undefined
  let awaited: { payload: string; heard: () => void } | undefined

  const lost = (from: pg.Client, error: Error) => {
    if (client !== from || closed) return
    client = undefined
    alive = false
    onLost?.(error)
    from.end().catch(() => {})
    timer = setTimeout(() => void connect(), delay)
    delay = Math.min(delay * 2, maxDelayMs)
  }

  async function connect(): Promise<void> {
    const {
      max: _max,
      idleTimeoutMillis: _idle,
      ...options
    } = connectionOptions(databaseUrl, { process, max: 1, applicationName, statementTimeout: 0 })
    const next = new pg.Client({ ...options, query_timeout: 5_000 })
    client = next
    next.on('error', (error) => lost(next, error))
    next.on('end', () => lost(next, new Error('the connection ended')))
    next.on('notification', ({ channel, payload }) => {
      if (channel !== echo?.channel) onMessage(channel, payload ?? '')
      else if (payload === awaited?.payload) awaited?.heard()
    })
    try {
      await (echo ? next.connect().catch(asPoolerFault) : next.connect())
      for (const channel of [...channels, ...(echo ? [echo.channel] : [])])
        await next.query(`LISTEN ${next.escapeIdentifier(channel)}`)
      if (echo) await arrives(await sendEcho(echo))
    } catch (error) {
      lost(next, error instanceof Error ? error : new Error(String(error)))
      return
    }
    if (closed) return void next.end().catch(() => {})
    alive = true
    delay = firstDelayMs
    onConnected?.()
  }

  /** @returns a promise of the echo's arrival; @throws what sending it throws */
  async function sendEcho({ send }: Echo): Promise<{ heard: Promise<void> }> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const payload = randomUUID()
    awaited = { payload, heard: resolve }
    await send(payload)
    return { heard: promise }
  }

  /** @throws PoolerFault when it doesn’t arrive */
  const arrives = ({ heard }: { heard: Promise<void> }): Promise<void> =>
    withDeadline(heard, echoMs, () => {
      throw noSessionsFault()
    })

  /**
   * Runs no query while waiting for the echo: a pooler would assign a connection for it, and the notification could
   * arrive by accident. If the echo can’t be sent in time, this connection stays in use.
   */
  async function prove(current: pg.Client): Promise<void> {
    await current.query('SELECT 1')
    if (!echo) return
    const sent = await withDeadline(sendEcho(echo), probeEveryMs, () => undefined).catch(() => undefined)
    if (sent) await arrives(sent)
  }

  let proving = false
  const probe = setInterval(() => {
    const current = client
    if (!alive || !current || proving) return
    proving = true
    prove(current)
      .catch((error: Error) => lost(current, error))
      .finally(() => {
        proving = false
      })
  }, probeEveryMs)
  probe.unref()
  void connect()

  return {
    connected: () => alive,
    async close(): Promise<void> {
      closed = true
      clearInterval(probe)
      clearTimeout(timer)
      await client?.end().catch(() => {})
    },
  }
}
