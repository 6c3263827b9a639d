import pg from 'pg'
import { defaultsOf, defaultsSql, lackingDefaults } from './pooled-session.ts'
import { aboutPooler, asPoolerFault, noSessionsFault, PoolerFault } from './pooler-fault.ts'
import { type ProcessName, roleOf } from './session-of-process.ts'

type LoginState = {
  login: string
  database: string
  direct: boolean
  /** The process roles it is a member of. */
  roles: string[]
  defaults: string[]
}

/** Shows whether startup options arrive; no pooler passes them on. */
const marker = 'spaceport.direct'

/**
 * Stores a process's role and time limit as defaults of its login, because PgBouncer refuses startup options. A login
 * may set this for itself and needs no other rights.
 * @param directUrl of Postgres itself
 * @returns the login
 * @throws PoolerFault when the URL points to a pooler, or the login isn't a member of exactly one role; what the driver
 * throws
 */
export async function prepareLogin(directUrl: string, process: ProcessName): Promise<string> {
  const client = new pg.Client({
    connectionString: directUrl,
    application_name: `spaceport-${process}-login`,
    // The login itself, not its role, may change its defaults.
    options: `-c role=none -c ${marker}=yes -c statement_timeout=5000`,
    connectionTimeoutMillis: 5_000,
    query_timeout: 6_000,
  })
  client.on('error', () => {})
  await client.connect().catch(asPoolerFault)
  try {
    const found = await find(client, process)
    if (lackingDefaults(process, found.defaults).length > 0) await setDefaults(client, process)
    return found.login
  } finally {
    await client.end().catch(() => {})
  }
}

async function find(client: pg.Client, process: ProcessName): Promise<LoginState> {
  const { rows } = await client.query<LoginState>(findLogin, [marker])
  const [found] = rows
  if (!found?.direct) throw noSessionsFault()
  const role = roleOf(process)
  if (found.roles.length !== 1 || found.roles[0] !== role) throw wrongRoles(found, role)
  return found
}

/**
 * Serializes processes with one login. Any login could take this lock and keep it, so only a process with a default to
 * set waits.
 */
async function setDefaults(client: pg.Client, process: ProcessName): Promise<void> {
  await client.query('BEGIN')
  await client.query(`SELECT pg_advisory_xact_lock(hashtext('spaceport login ' || session_user))`)
  const found = await find(client, process)
  for (const setting of lackingDefaults(process, found.defaults))
    await client.query(setDefault(found, setting)).catch((cause: unknown) => refused(found, process, cause))
  await client.query('COMMIT')
}

export const rolesOfLoginSql = `
  ARRAY(SELECT rolname::text FROM pg_roles WHERE rolname IN ('spaceport_web', 'spaceport_worker', 'spaceport_gateway')
    AND pg_has_role(session_user, oid, 'MEMBER') ORDER BY rolname) AS roles`

const findLogin = `
  SELECT session_user AS login, current_database() AS database, coalesce(current_setting($1, true), '') = 'yes' AS direct,
    ${rolesOfLoginSql}, ${defaultsSql}`

const setDefault = (
  { login, database }: Pick<LoginState, 'login' | 'database'>,
  [name, value]: [string, string],
): string =>
  `ALTER ROLE ${pg.escapeIdentifier(login)} IN DATABASE ${pg.escapeIdentifier(database)} SET ${name} = ${pg.escapeLiteral(value)}`

/** @returns the statements that a superuser runs if the login may not */
export const prepareStatements = (of: Pick<LoginState, 'login' | 'database'>, process: ProcessName): string[] =>
  Object.entries(defaultsOf(process)).map((setting) => `${setDefault(of, setting)};`)

function wrongRoles({ login, roles }: LoginState, role: string): PoolerFault {
  const has = roles.length === 0 ? 'none' : roles.join(', ')
  return new PoolerFault(
    `through a pooler, the login has to be a member of ${role} and of no other process’s role`,
    `${login} is a member of ${has}; make a login for each process and grant it with SPACEPORT_DATABASE_LOGINS (${aboutPooler})`,
  )
}

function refused(found: LoginState, process: ProcessName, cause: unknown): never {
  const fault = new PoolerFault(
    'the login may not set its own session defaults',
    `run this as a superuser: ${prepareStatements(found, process).join(' ')}`,
  )
  fault.cause = cause
  throw fault
}
