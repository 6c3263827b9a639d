import pg from 'pg'
import { aboutPooler, PoolerFault } from './pooler-fault.ts'
import { type RoleName, roleOf, statementTimeoutMs } from './session-of-process.ts'

/**
 * A pooler hands the connections of one login from client to client, and their settings with them. So nobody works on one
 * whose role or time limit isn’t ours, or that another client of the same login has changed: with `synchronous_commit` off,
 * an entry of the trail could be lost, and a temporary table would take the place of ours.
 */

/** What each session of a login begins with, since a pooler doesn’t pass on what a client asks for at its start. */
export const defaultsOf = (process: RoleName) => ({
  role: roleOf(process),
  statement_timeout: `${statementTimeoutMs / 1_000}s`,
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

/** The columns of a PooledSession, for one statement with whatever else it does. */
export const pooledSessionSql = `
  session_user AS login, current_user AS role, current_setting('statement_timeout') AS timeout,
  current_setting('TimeZone') AS zone, pg_my_temp_schema() <> 0 AS temporary,
  (SELECT string_agg(name, ', ' ORDER BY name) FROM pg_settings
   WHERE source = 'session' AND setting IS DISTINCT FROM reset_val AND name <> ALL ('{${followed.join(',')}}')) AS changed,
  ARRAY(SELECT unnest(setconfig) FROM pg_db_role_setting
   WHERE setrole = session_user::regrole AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())) AS defaults`

/** @returns which defaults a login lacks */
export const lackingDefaults = (process: RoleName, defaults: readonly string[]): [name: string, value: string][] =>
  Object.entries(defaultsOf(process)).filter(([name, value]) => !defaults.includes(`${name}=${value}`))

/** @returns what is wrong with a session; null: it may be worked on */
export function judgePooledSession(process: RoleName, session: PooledSession): PoolerFault | null {
  const expected = defaultsOf(process)
  const lacking = lackingDefaults(process, session.defaults)
  if (lacking.length > 0)
    return new PoolerFault(
      `the login lacks what its sessions begin with (${lacking.map(([name]) => name).join(', ')})`,
      `${session.login} doesn’t log in at Postgres with what DATABASE_DIRECT_URL sets for its login; see ${aboutPooler}`,
    )
  const wrong = [
    ...(session.role === expected.role ? [] : ['role']),
    ...(session.timeout === expected.statement_timeout ? [] : ['statement_timeout']),
    ...(session.zone === 'UTC' ? [] : ['TimeZone']),
    ...(session.changed === null ? [] : [session.changed]),
    ...(session.temporary ? ['temporary tables'] : []),
  ]
  if (wrong.length === 0) return null
  return new PoolerFault(
    `a connection of the pooler isn’t as its login’s begin (${wrong.join(', ')})`,
    `it is older than the login’s settings, or another client with the same login changed it; it is ended. Should this go on, find who uses ${session.login} (${aboutPooler})`,
  )
}

/** Whether new connections to Postgres would be right, so that it helps to end this one. */
const isCuredByNewOne = (process: RoleName, { defaults }: PooledSession): boolean =>
  lackingDefaults(process, defaults).length === 0

/**
 * Looks at the connection that the pooler gives a client. One that was changed is ended, together with this client.
 * @throws PoolerFault; what the driver throws
 */
export async function verifyPooledSession(client: pg.ClientBase, process: RoleName): Promise<void> {
  const look = async () => (await client.query<PooledSession>(`SELECT ${pooledSessionSql}`)).rows[0]
  const first = await look()
  const fault = first && judgePooledSession(process, first)
  if (!fault) return
  if (!isCuredByNewOne(process, first)) throw fault
  await client.query('BEGIN')
  const held = await look()
  if (held && judgePooledSession(process, held)) await endSession(client)
  else await client.query('ROLLBACK')
  throw fault
}

/** Ends the session at Postgres that this client’s transaction is on: only the login itself may. */
async function endSession(client: pg.ClientBase): Promise<void> {
  await client.query('SET LOCAL ROLE NONE; SELECT pg_terminate_backend(pg_backend_pid())').catch((error: unknown) => {
    // That is how it ends.
    if (error instanceof pg.DatabaseError && error.code === '57P01') return
    throw error
  })
}
