import pg from 'pg'
import { aboutPooler, PoolerFault } from './pooler-fault.ts'
import { lockTimeoutMs, type RoleName, roleOf, statementTimeoutMs } from './session-of-process.ts'

/**
 * A pooler hands the connections of one login from client to client, and their settings with them. So nobody works on one
 * whose role or time limit isn’t ours, or that another client of the same login has changed: with `synchronous_commit` off,
 * an entry of the trail could be lost, and a temporary table would take the place of ours.
 */

/** What each session of a login begins with, since a pooler doesn’t pass on what a client asks for at its start. */
export const defaultsOf = (process: RoleName) => ({
  role: roleOf(process),
  statement_timeout: `${statementTimeoutMs / 1_000}s`,
  lock_timeout: `${lockTimeoutMs / 1_000}s`,
})

/** What PgBouncer itself sets, anew for each client. */
const followed = ['application_name', 'client_encoding', 'DateStyle', 'standard_conforming_strings', 'TimeZone']

export type PooledSession = {
  login: string
  role: string
  timeout: string
  zone: string
  /** Settings that a client changed. */
  changed: string | null
  temporary: boolean
  /** `name=value`, as the login’s sessions begin in this database. */
  defaults: string[]
}

/** How the login’s sessions begin in this database. */
export const defaultsSql = `ARRAY(SELECT unnest(setconfig) FROM pg_db_role_setting
  WHERE setrole = (SELECT oid FROM pg_roles WHERE rolname = session_user)
    AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())) AS defaults`

/** The columns of a PooledSession, for one statement with whatever else it does. */
export const pooledSessionSql = `
  session_user AS login, current_user AS role, current_setting('statement_timeout') AS timeout,
  current_setting('TimeZone') AS zone, pg_my_temp_schema() <> 0 AS temporary,
  (SELECT string_agg(name, ', ' ORDER BY name) FROM pg_settings
   WHERE source = 'session' AND setting IS DISTINCT FROM reset_val AND name <> ALL ('{${followed.join(',')}}')) AS changed,
  ${defaultsSql}`

/** @returns which defaults a login lacks */
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

/** A longer limit is right too: of two releases at work with one login, the one with the longer sets it, and both go on. */
function isLongEnough(timeout: string): boolean {
  const [, count, unit = 'ms'] = /^(\d+)(ms|s|min|h|d)?$/.exec(timeout) ?? []
  return Number(count) * (milliseconds.get(unit) ?? 0) >= statementTimeoutMs
}

/** @returns what is wrong with a session; null: it may be worked on */
export function checkPooledSession(process: RoleName, session: PooledSession): PoolerFault | null {
  const expected = defaultsOf(process)
  const lacking = lackingDefaults(process, session.defaults)
  if (lacking.length > 0)
    return new PoolerFault(
      `the login lacks what its sessions begin with (${lacking.map(([name]) => name).join(', ')})`,
      `${session.login} doesn’t log in at Postgres with what DATABASE_DIRECT_URL sets for its login; see ${aboutPooler}`,
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
    `it is older than the login’s settings, or another client with the same login changed it; it is ended. Should this go on, find who uses ${session.login} (${aboutPooler})`,
  )
}

/** Whether new connections to Postgres would be right, so that it helps to end this one. */
const isCuredByNewOne = (process: RoleName, { defaults }: PooledSession): boolean =>
  lackingDefaults(process, defaults).length === 0

/**
 * Looks at the connection that the pooler gives a client. One that was changed is ended, together with this client.
 * @param onRight what to do on the same connection, in one transaction with the look
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
    if (isCuredByNewOne(process, session)) await endSession(client)
    else await client.query('ROLLBACK')
    throw fault
  }
  await onRight(session)
  await client.query('COMMIT')
}

const lookSql = `SELECT ${pooledSessionSql}`

/**
 * Begins a transaction, since a pooler would look at one connection and end another: whichever comes next.
 * @returns what the look found
 */
async function holdSession(client: pg.ClientBase): Promise<PooledSession> {
  try {
    return await lookAfter(client, `BEGIN; ${lookSql}`)
  } catch (error) {
    if (!isCancelled(error)) throw error
    return lookWithTime(client)
  }
}

/**
 * Another client may have left a time limit that is too short for a look. The transaction that failed keeps the connection.
 * @throws PoolerFault when the limit ends this too: the pooler ends a connection whose client leaves within a transaction
 */
async function lookWithTime(client: pg.ClientBase): Promise<PooledSession> {
  const limit = 'ROLLBACK; BEGIN; SHOW statement_timeout; SET LOCAL statement_timeout = 5000'
  try {
    const [, , shown] = (await client.query(limit)) as unknown as pg.QueryResult<{ statement_timeout: string }>[]
    return { ...(await lookAfter(client, lookSql)), timeout: shown?.rows[0]?.statement_timeout ?? '' }
  } catch (cause) {
    if (!isCancelled(cause)) throw cause
    throw Object.assign(
      new PoolerFault(
        'a pooled connection can’t be looked at within its time limit',
        `it is left; should this go on, see ${aboutPooler}`,
      ),
      { cause },
    )
  }
}

/** @param statements the last of them is the look */
async function lookAfter(client: pg.ClientBase, statements: string): Promise<PooledSession> {
  const results = [(await client.query(statements)) as unknown].flat() as pg.QueryResult<PooledSession>[]
  const session = results.at(-1)?.rows[0]
  if (!session) throw new Error('the look at a pooled connection found nothing')
  return session
}

/** Postgres: query_canceled. */
const isCancelled = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === '57014'

/** Ends the session at Postgres that this client’s transaction is on: only the login itself may. */
async function endSession(client: pg.ClientBase): Promise<void> {
  await client.query('SET LOCAL ROLE NONE; SELECT pg_terminate_backend(pg_backend_pid())').catch((error: unknown) => {
    // That is how it ends; or its time limit was too short for that, too: see lookWithTime.
    if (isCancelled(error) || (error instanceof pg.DatabaseError && error.code === '57P01')) return
    throw error
  })
}
