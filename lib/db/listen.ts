import pg from 'pg'
import { connectionOptions, type ProcessName } from './pool.ts'

type Options = {
  process: ProcessName
  databaseUrl: string
  applicationName: string
  channels: readonly string[]
  onMessage: (channel: string, payload: string) => void
  /** Called after each new connection: notifications may have been missed, so drop everything cached. */
  onConnected?: () => void
  onLost?: (error: Error) => void
}

const firstDelayMs = 100
const maxDelayMs = 2_000
const probeEveryMs = 5_000

/**
 * Listens to notifications on its own connection and reconnects automatically. A probe every five seconds detects a
 * connection that died silently.
 * @returns `connected()` for health checks, and `close()`
 */
export function listen({ process, databaseUrl, applicationName, channels, onMessage, onConnected, onLost }: Options) {
  let client: pg.Client | undefined
  let closed = false
  let alive = false
  let delay = firstDelayMs
  let timer: NodeJS.Timeout | undefined

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
    next.on('notification', ({ channel, payload }) => onMessage(channel, payload ?? ''))
    try {
      await next.connect()
      for (const channel of channels) await next.query(`LISTEN ${next.escapeIdentifier(channel)}`)
    } catch (error) {
      lost(next, error instanceof Error ? error : new Error(String(error)))
      return
    }
    if (closed) return void next.end().catch(() => {})
    alive = true
    delay = firstDelayMs
    onConnected?.()
  }

  const probe = setInterval(() => {
    const current = client
    if (alive && current) current.query('SELECT 1').catch((error: Error) => lost(current, error))
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
