import pg from 'pg'
import { clientClass } from './traced-client.ts'

export type Pool = pg.Pool

/** Each process has its own role, `spaceport_{process}`, with the rights that the process needs (prisma/migrations). */
export type ProcessName = 'web' | 'worker' | 'gateway'

/** Roles that connect: those of the processes, and that of the operator's commands about the trail. */
type RoleName = ProcessName | 'archiver'

/** Milliseconds that a statement may take by default. */
export const statementTimeoutMs = 15_000
/** How much later the client itself gives up, for networks that swallow Postgres's own answer. */
const networkMs = 5_000

export type PoolOptions = {
  /** The process that connects, or the command. */
  process: RoleName
  /** Maximum number of connections. */
  max: number
  applicationName: string
  /** Milliseconds that a statement may take; 0: no bound. */
  statementTimeout?: number
  /** Milliseconds without a statement after which Postgres ends the session. */
  sessionTimeout?: number
}

/** The options of every connection of the running application. */
export const connectionOptions = (
  databaseUrl: string,
  { process, max, applicationName, statementTimeout = statementTimeoutMs, sessionTimeout }: PoolOptions,
) => ({
  connectionString: databaseUrl,
  max,
  application_name: applicationName,
  options: `-c role=spaceport_${process} -c statement_timeout=${statementTimeout} -c timezone=UTC${sessionTimeout === undefined ? '' : ` -c idle_session_timeout=${sessionTimeout}`}`,
  connectionTimeoutMillis: 5_000,
  ...(statementTimeout > 0 && { query_timeout: statementTimeout + networkMs }),
  idleTimeoutMillis: 60_000,
  keepAlive: true,
  Client: clientClass(),
})

/**
 * For an operator's command that only reads, with whatever login it is given.
 * @returns a pool of two connections that can't write
 */
export const createReaderPool = (databaseUrl: string, applicationName: string): Pool =>
  new pg.Pool({
    connectionString: databaseUrl,
    max: 2,
    application_name: applicationName,
    options: '-c default_transaction_read_only=on -c timezone=UTC -c statement_timeout=300000',
    connectionTimeoutMillis: 5_000,
  })

/**
 * A pool of raw connections, for the gateway's path, the trail and locks.
 * @param onError receives errors of idle connections (a restart of Postgres); the pool recovers by itself
 */
export function createPool(
  databaseUrl: string,
  options: PoolOptions,
  onError: (error: Error) => void = () => {},
): Pool {
  const pool = new pg.Pool(connectionOptions(databaseUrl, options))
  pool.on('error', onError)
  pool.on('connect', (client) => client.on('error', onError))
  return pool
}
