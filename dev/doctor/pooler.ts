import pg from 'pg'
import { createReaderPool } from '#lib/kernel/db/pool.ts'
import { pooledClientClass } from '#lib/kernel/db/pooled-client.ts'
import {
  checkPooledSession,
  lackingDefaults,
  type PooledSession,
  pooledSessionSql,
} from '#lib/kernel/db/pooled-session.ts'
import { prepareStatements, rolesOfLoginSql } from '#lib/kernel/db/prepare-login.ts'
import type { ProcessName } from '#lib/kernel/db/session-of-process.ts'
import { bad, type Finding, good, skipped } from './finding.ts'

const page = 'docs/configuration.md, through PgBouncer'
const applicationName = 'spaceport-doctor'

/** The same from both sides only in one database of one server. */
const placeSql = `SELECT current_database() || ' since ' || pg_postmaster_start_time()::text AS place,
  ${rolesOfLoginSql}`

type LoginFacts = { place: string; roles: string[]; login: string; database: string; temporary: boolean }
type PooledLogin = PooledSession & { place: string; database: string }

/**
 * Checks that a process can use the pooler, by reading from one of its connections.
 * @param url leads to the pooler
 * @param directUrl leads to Postgres itself
 */
export async function checkPooler(url: string, directUrl: string): Promise<Finding[]> {
  const direct = createReaderPool(directUrl, applicationName)
  // Nothing is verified on it, so that problems are seen rather than closed.
  const pooled = new pg.Pool({
    connectionString: url,
    max: 1,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    // A paused pooler doesn't answer.
    query_timeout: 10_000,
    Client: pooledClientClass(),
  })
  pooled.on('error', () => {})
  direct.on('error', () => {})
  try {
    const { rows: there } = await direct.query<LoginFacts>(
      `SELECT here.*, session_user AS login, current_database() AS database,
         has_database_privilege(session_user, current_database(), 'TEMPORARY') AS temporary FROM (${placeSql}) here`,
    )
    const { rows: seen } = await pooled.query<PooledLogin>(
      `SELECT ${pooledSessionSql}, current_database() AS database, here.place FROM (${placeSql}) here`,
    )
    const [[known], [session]] = [there, seen]
    if (!known || !session) return [skipped('The pooler doesn’t answer')]
    const same =
      known.place === session.place
        ? good('The pooler leads to the database that DATABASE_DIRECT_URL leads to')
        : bad('The pooler leads to another database than DATABASE_DIRECT_URL', `give both the same (${page})`)
    return [same, ...checkSession(session, known.roles), checkTemporaryTables(known)]
  } finally {
    await Promise.all([direct, pooled].map((pool) => pool.end()))
  }
}

/** A temporary table on a shared connection hides Spaceport's own. */
const checkTemporaryTables = ({ login, database, temporary }: LoginFacts): Finding =>
  temporary
    ? bad(
        `The login ${login} may make temporary tables`,
        `as the owner: REVOKE TEMPORARY ON DATABASE ${pg.escapeIdentifier(database)} FROM PUBLIC, and from whom else it was granted to (${page})`,
      )
    : good(`The login ${login} may make no temporary tables`)

/** @param roles of the login; another check reports several */
function checkSession(session: PooledLogin, roles: readonly string[]): Finding[] {
  const [role, ...others] = roles
  if (role === undefined || others.length > 0)
    return [bad('Through the pooler, a login must have one process’s role', `create one for each process (${page})`)]
  const process = role.slice('spaceport_'.length) as ProcessName
  if (lackingDefaults(process, session.defaults).length > 0)
    return [
      bad(
        `Sessions of ${session.login} don’t start with its role and time limit`,
        `start its process once, which sets that, or as a superuser: ${prepareStatements(session, process).join(' ')}`,
      ),
    ]
  const wrong = checkPooledSession(process, session)
  return [
    wrong
      ? bad(`Through the pooler, ${wrong.words}`, `see who else uses ${session.login} (${page})`)
      : good(`The pooler’s connection has the role ${role} and its time limit`),
  ]
}
