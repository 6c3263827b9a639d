import pg from 'pg'
import { pooledClientClass } from './pooled-client.ts'
import { verifyPooledSession } from './pooled-session.ts'
import { lockTimeoutMs, type RoleName, roleOf, statementTimeoutMs } from './session-of-process.ts'
import { clientClass } from './traced-client.ts'

export type Pool = pg.Pool

/** How much later the client gives up itself, if the network swallows Postgres's error. */
const networkMs = 5_000

export type PoolOptions = {
  process: RoleName
  max: number
  applicationName: string
  /** Whether the URL points to a pooler. */
  throughPooler?: boolean
  /** Time limit of a statement in milliseconds; 0: none. */
  statementTimeout?: number
  /** Milliseconds that a statement waits for a lock; 0: no limit. */
  lockTimeout?: number
  /** Milliseconds without a statement after which Postgres ends the session. */
  sessionTimeout?: number
}

/** Settings that need a direct session with Postgres. */
function settingsOf(options: PoolOptions): string {
  const { process, statementTimeout = statementTimeoutMs, lockTimeout = lockTimeoutMs, sessionTimeout } = options
  const idle = sessionTimeout === undefined ? '' : ` -c idle_session_timeout=${sessionTimeout}`
  return `-c role=${roleOf(process)} -c statement_timeout=${statementTimeout} -c lock_timeout=${lockTimeout} -c timezone=UTC${idle}`
}

export function connectionOptions(databaseUrl: string, options: PoolOptions) {
  const { process, max, applicationName, throughPooler = false, statementTimeout = statementTimeoutMs } = options
  if (throughPooler && (statementTimeout !== statementTimeoutMs || options.sessionTimeout !== undefined))
    throw new Error(`${applicationName}: a pooler gives every session the time limits of the login`)
  return {
    connectionString: databaseUrl,
    max,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    ...(statementTimeout > 0 && { query_timeout: statementTimeout + networkMs }),
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    ...(throughPooler
      ? {
          Client: pooledClientClass(),
          onConnect: (client: pg.ClientBase) => verifyPooledSession(client, process),
        }
      : { Client: clientClass(), options: settingsOf(options) }),
  }
}

/**
 * For operators' commands that only read, with any login.
 * @returns a read-only pool of two connections
 */
export function createReaderPool(databaseUrl: string, applicationName: string): Pool {
  return openPool({
    connectionString: databaseUrl,
    max: 2,
    application_name: applicationName,
    options: '-c default_transaction_read_only=on -c timezone=UTC -c statement_timeout=300000',
    connectionTimeoutMillis: 5_000,
  })
}

/**
 * For operators’ commands that run as the owner of the tables.
 * @param settings as command-line options of Postgres (`-c name=value`)
 * @returns a pool of one connection
 */
export const createOwnerPool = (ownerUrl: string, settings = ''): Pool =>
  openPool({ connectionString: ownerUrl, max: 1, options: settings })

/**
 * A pool of raw connections, for the gateway's path, the trail and locks.
 * @param onError receives errors of idle connections, from which the pool recovers
 */
export function createPool(databaseUrl: string, options: PoolOptions, onError?: (error: Error) => void): Pool {
  return openPool(connectionOptions(databaseUrl, options), onError)
}

/**
 * Opens a pool in which every client has an error listener: Postgres can end a session before the caller of `connect()`
 * has the client, and without a listener that error would end the process. Give libraries a pool from here, never a
 * connection string.
 * @param onError receives errors of connections; by default they are ignored, and the next query fails
 */
function openPool(config: pg.PoolConfig, onError: (error: Error) => void = () => {}): Pool {
  const pool = new pg.Pool(config)
  pool.on('error', onError)
  pool.on('connect', (client) => client.on('error', onError))
  return pool
}
