import pg from 'pg'
import { aboutPooler, PoolerFault } from './pooler-fault.ts'
import { lockTimeoutMs, type RoleName, roleOf, statementTimeoutMs } from './session-of-process.ts'

/**
 * A pooler passes a login's connections, with their settings, from client to client. Spaceport uses none with another
 * role or time limit, or changed by another client: `synchronous_commit` off could lose an entry of the trail, and a
 * temporary table would shadow ours.
 */

/** Session defaults, stored for the login because a pooler doesn’t pass on startup options. */
export const defaultsOf = (process: RoleName) => ({
  role: roleOf(process),
  statement_timeout: `${statementTimeoutMs / 1_000}s`,
  lock_timeout: `${lockTimeoutMs / 1_000}s`,
})

/** Settings that PgBouncer itself sets for each client. */
const followed = ['application_name', 'client_encoding', 'DateStyle', 'standard_conforming_strings', 'TimeZone']

export type PooledSession = {
  login: string
  role: string
  timeout: string
  zone: string
  /** Changed by a client. */
  changed: string | null
  temporary: boolean
  /** The login's defaults in this database, as `name=value`. */
  defaults: string[]
}

/** The login's session defaults in this database. */
export const defaultsSql = `ARRAY(SELECT unnest(setconfig) FROM pg_db_role_setting
  WHERE setrole = (SELECT oid FROM pg_roles WHERE rolname = session_user)
    AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())) AS defaults`

/** The columns of a PooledSession, to add to any statement. */
export const pooledSessionSql = `
  session_user AS login, current_user AS role, current_setting('statement_timeout') AS timeout,
  current_setting('TimeZone') AS zone, pg_my_temp_schema() <> 0 AS temporary,
  (SELECT string_agg(name, ', ' ORDER BY name) FROM pg_settings
   WHERE source = 'session' AND setting IS DISTINCT FROM reset_val AND name <> ALL ('{${followed.join(',')}}')) AS changed,
  ${defaultsSql}`

export const lackingDefaults = (process: RoleName, defaults: readonly string[]): [name: string, value: string][] =>
  Object.entries(defaultsOf(process)).filter(
    ([name, value]) =>
      !defaults.some((line) => {
        if (!line.startsWith(`${name}=`)) return false
        const has = line.slice(name.length + 1)
        return name === 'statement_timeout' ? isLongEnough(has) : has === value
      }),
  )

const milliseconds = new Map(Object.entries({ ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 }))

/** A longer limit is fine: if two releases share a login, the longer one wins and suits both. */
function isLongEnough(timeout: string): boolean {
  const [, count, unit = 'ms'] = /^(\d+)(ms|s|min|h|d)?$/.exec(timeout) ?? []
  return Number(count) * (milliseconds.get(unit) ?? 0) >= statementTimeoutMs
}

/** @returns the fault of a session, or null */
export function checkPooledSession(process: RoleName, session: PooledSession): PoolerFault | null {
  const expected = defaultsOf(process)
  const lacking = lackingDefaults(process, session.defaults)
  if (lacking.length > 0)
    return new PoolerFault(
      `the login is missing session defaults (${lacking.map(([name]) => name).join(', ')})`,
      `${session.login} doesn’t log in at Postgres with the defaults that DATABASE_DIRECT_URL sets for its login; see ${aboutPooler}`,
      { ofLogin: true },
    )
  const wrong = [
    ...(session.role === expected.role ? [] : ['role']),
    ...(isLongEnough(session.timeout) ? [] : ['statement_timeout']),
    ...(session.zone === 'UTC' ? [] : ['TimeZone']),
    ...(session.changed === null ? [] : [session.changed]),
    ...(session.temporary ? ['temporary tables'] : []),
  ]
  if (wrong.length === 0) return null
  return new PoolerFault(
    `a pooled connection doesn’t have its login’s defaults (${wrong.join(', ')})`,
    `it is older than the login’s settings, or another client with the same login changed it. It was closed. If this continues, find out who uses ${session.login} (${aboutPooler})`,
  )
}

/** Whether new connections to Postgres would be right, so that ending this one helps. */
const isFixedByNewConnection = (process: RoleName, { defaults }: PooledSession): boolean =>
  lackingDefaults(process, defaults).length === 0

/**
 * Checks the connection that the pooler gives a client. Ends it, and this client, if it was changed.
 * @param onRight runs in the transaction of the check
 * @throws PoolerFault; what the driver and `onRight` throw, after which the client has to be closed
 */
export async function verifyPooledSession(
  client: pg.ClientBase,
  process: RoleName,
  onRight: (session: PooledSession) => Promise<void> = async () => {},
): Promise<void> {
  const session = await holdSession(client)
  const fault = checkPooledSession(process, session)
  if (fault) {
    if (isFixedByNewConnection(process, session)) await endSession(client)
    else await client.query('ROLLBACK')
    throw fault
  }
  await onRight(session)
  await client.query('COMMIT')
}

const checkSql = `SELECT ${pooledSessionSql}`

/**
 * Begins a transaction, because otherwise the pooler could check one connection and end another.
 * @returns the session
 */
async function holdSession(client: pg.ClientBase): Promise<PooledSession> {
  try {
    return await checkAfter(client, `BEGIN; ${checkSql}`)
  } catch (error) {
    if (!isCancelled(error)) throw error
    return checkWithTimeLimit(client)
  }
}

/**
 * Another client may have left too short a time limit. The failed transaction keeps the connection.
 * @throws PoolerFault when the limit ends this too: the pooler closes a connection if its client leaves within a
 * transaction
 */
async function checkWithTimeLimit(client: pg.ClientBase): Promise<PooledSession> {
  const limit = 'ROLLBACK; BEGIN; SHOW statement_timeout; SET LOCAL statement_timeout = 5000'
  try {
    const [, , shown] = (await client.query(limit)) as unknown as pg.QueryResult<{ statement_timeout: string }>[]
    return { ...(await checkAfter(client, checkSql)), timeout: shown?.rows[0]?.statement_timeout ?? '' }
  } catch (cause) {
    if (!isCancelled(cause)) throw cause
    throw Object.assign(
      new PoolerFault(
        'a pooled connection can’t be checked within its time limit',
        `the connection is closed; if this continues, see ${aboutPooler}`,
      ),
      { cause },
    )
  }
}

/** @param statements the last of them is the check */
async function checkAfter(client: pg.ClientBase, statements: string): Promise<PooledSession> {
  const results = [(await client.query(statements)) as unknown].flat() as pg.QueryResult<PooledSession>[]
  const session = results.at(-1)?.rows[0]
  if (!session) throw new Error('the check of a pooled connection returned nothing')
  return session
}

/** Postgres: query_canceled. */
const isCancelled = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === '57014'

/** Ends this client’s current session at Postgres. Only the login itself is allowed to. */
async function endSession(client: pg.ClientBase): Promise<void> {
  await client.query('SET LOCAL ROLE NONE; SELECT pg_terminate_backend(pg_backend_pid())').catch((error: unknown) => {
    // The expected error; or the time limit was too short for this too: see checkWithTimeLimit.
    if (isCancelled(error) || (error instanceof pg.DatabaseError && error.code === '57P01')) return
    throw error
  })
}
