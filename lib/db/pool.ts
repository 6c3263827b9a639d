import pg from 'pg'

export type Pool = pg.Pool

/** Each process works as a role of its own, `spaceport_{process}`, which may do what that process needs (prisma/migrations). */
export type ProcessName = 'web' | 'worker' | 'gateway'

/** Milliseconds that a statement may take where nothing else is said. */
export const statementTimeoutMs = 15_000
/** So much later an answer is given up here, where Postgres could not say so itself: the network swallows everything. */
const networkMs = 5_000

export type PoolOptions = {
  /** Which of our processes connects. */
  process: ProcessName
  /** Most connections at a time. */
  max: number
  applicationName: string
  /** Milliseconds that a statement may take; 0: no bound. */
  statementTimeout?: number
}

/** What pg is told for a connection of the running application, wherever one is opened. */
export const connectionOptions = (
  databaseUrl: string,
  { process, max, applicationName, statementTimeout = statementTimeoutMs }: PoolOptions,
) => ({
  connectionString: databaseUrl,
  max,
  application_name: applicationName,
  options: `-c role=spaceport_${process} -c statement_timeout=${statementTimeout} -c timezone=UTC`,
  connectionTimeoutMillis: 5_000,
  ...(statementTimeout > 0 && { query_timeout: statementTimeout + networkMs }),
  idleTimeoutMillis: 60_000,
  keepAlive: true,
})

/**
 * A pool of raw connections, for the gateway's path, the trail and locks. One per process.
 * @param onError told of errors on idle connections (a restart of Postgres); the pool goes on by itself
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
