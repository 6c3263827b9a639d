import { connectionsOf } from '#lib/kernel/db/max-connections.ts'
import { listMigrations } from '#lib/kernel/db/migrate/list-migrations.ts'
import { createReaderPool, type Pool } from '#lib/kernel/db/pool.ts'
import { type Area, type Check, notAsked } from './check.ts'
import { bad, doubtful, type Finding, good, skipped } from './finding.ts'
import { checkPooler } from './pooler.ts'
import { few } from './rights-of-rules.ts'
import { checkShippedSchema } from './shipped-schema.ts'

const page = 'docs/own-cluster.md, 2'
const connections = 'docs/configuration.md, connections to Postgres'
const poolerPage = 'docs/configuration.md, through PgBouncer'

export type DatabaseSettings = {
  url: string | undefined
  /** For a DATABASE_URL that leads to a pooler. */
  directUrl?: string | undefined
  queries: number
  locks: number
  clusters: number
}

/** Checks that Postgres has what a process needs, with that process's own login, which only reads here. */
export function database(settings: DatabaseSettings): Area {
  const title = 'Database'
  if (settings.url === undefined) return notAsked(title, 'DATABASE_URL of a process')
  const { url: given, directUrl } = settings
  const url = directUrl ?? given
  const check = (about: string, remedy: string, judge: (pool: Pool) => Promise<Finding | Finding[]>): Check => ({
    about,
    remedy,
    run: async () => {
      const pool = createReaderPool(url, 'spaceport-doctor')
      // Postgres may end an idle connection; the next query reports it.
      pool.on('error', () => {})
      try {
        return await judge(pool)
      } catch (error) {
        if (isRefusedStart(error)) return bad(...behindPooler)
        throw error
      } finally {
        await pool.end()
      }
    },
  })
  return {
    title: `Database ${new URL(url).host}`,
    checks: [
      check('Postgres', `check DATABASE_URL, and that this machine reaches it (${page})`, checkServer),
      check('The schema', `npm run db:migrate, with the owner’s login (${page})`, checkSchema),
      check('The login', `give each process a login of its own (${page})`, checkLogin),
      check('Connections', connections, (pool) => checkConnections(pool, settings)),
      ...(directUrl === undefined
        ? []
        : [{ about: 'The pooler', remedy: poolerPage, run: () => checkPooler(given, directUrl) }]),
    ],
  }
}

/** PgBouncer's error for the options with which a connection starts. */
const isRefusedStart = (error: unknown): boolean =>
  error instanceof Error && /unsupported startup parameter/i.test(error.message)

const behindPooler = [
  'Startup options don’t arrive: a pooler is in between',
  `connect directly, or give DATABASE_DIRECT_URL too (${poolerPage})`,
] as const

/** Columns are text, numbers and booleans, named by the query. */
type Row = Record<string, string | number | boolean | null>
const one = async (pool: Pool, sql: string): Promise<Row> => (await pool.query<Row>(sql)).rows[0] ?? {}

async function checkServer(pool: Pool): Promise<Finding[]> {
  const found = await one(
    pool,
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
       current_setting('default_transaction_read_only') = 'on' AS options,
       current_setting('synchronous_standby_names') AS standbys,
       inet_client_addr() IS NULL OR inet_client_addr() <<= '127.0.0.0/8' OR inet_client_addr() = '::1' AS here,
       (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS ssl,
       EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') AS available`,
  )
  return [
    Number(found.number) >= 140_000
      ? good(`Postgres ${found.version} answers`)
      : bad(`Postgres ${found.version} is too old`, `upgrade to 14 or newer (${page})`),
    found.ssl === true
      ? good('The connection is encrypted, and verified as DATABASE_URL requires')
      : found.here === true
        ? good('The connection is not encrypted, but stays on this machine')
        : doubtful('The connection to Postgres is not encrypted', `sslmode=verify-full in DATABASE_URL (${page})`),
    found.options === true ? good('Postgres is reached directly') : bad(...behindPooler),
    found.available === true
      ? good('The extension pg_trgm is available')
      : bad('The extension pg_trgm is not available', `install Postgres’ contrib package (${page})`),
    found.standbys === ''
      ? doubtful(
          'No standby is synchronous (synchronous_standby_names): a failover may lose the latest writes, revocations too',
          `set it, if you have a standby (${page})`,
        )
      : good(`Standbys are synchronous: ${found.standbys}`),
  ]
}

async function checkSchema(pool: Pool): Promise<Finding[]> {
  const migrate = `npm run db:migrate, with the owner’s login (${page})`
  const { there, readable } = await one(
    pool,
    `SELECT table_of IS NOT NULL AS there, has_table_privilege(table_of, 'SELECT') AS readable
     FROM (SELECT to_regclass('public._prisma_migrations')) found (table_of)`,
  )
  if (there !== true) return [bad('The database has no schema of Spaceport', migrate)]
  if (readable !== true)
    return [skipped('This login may not read the schema’s version: use the login of web or the worker')]
  const { rows } = await pool.query<{ name: string; finished: boolean }>(
    `SELECT migration_name AS name, finished_at IS NOT NULL AS finished FROM _prisma_migrations
     WHERE rolled_back_at IS NULL`,
  )
  const finished = new Set(rows.filter((row) => row.finished).map(({ name }) => name))
  const shipped = (await listMigrations()).map(({ name }) => name)
  const missing = shipped.filter((name) => !finished.has(name))
  if (missing.length > 0) return [bad(`The schema lacks these migrations’ objects: ${few(missing)}`, migrate)]
  const unknown = [...finished].filter((name) => !shipped.includes(name))
  if (unknown.length > 0)
    return [
      doubtful(
        `The schema is newer than this checkout: ${few(unknown)}`,
        'run the doctor of the version that is installed',
      ),
    ]
  return [good(`The schema is up to date: ${shipped.length} migrations`), ...(await checkShippedSchema(pool))]
}

/** The login's rights are what a thief of DATABASE_URL gets. */
async function checkLogin(pool: Pool): Promise<Finding[]> {
  const found = await one(
    pool,
    `SELECT rolname AS login, rolsuper AS super, rolcreaterole AS roles, rolbypassrls AS bypass,
       oid = (SELECT datdba FROM pg_database WHERE datname = current_database()) AS owner,
       (SELECT string_agg(other.rolname, ',' ORDER BY other.rolname) FROM pg_roles other
        WHERE other.rolname LIKE 'spaceport\\_%' AND other.oid <> login.oid AND pg_has_role(login.oid, other.oid, 'MEMBER')
          AND NOT EXISTS (SELECT FROM pg_auth_members given JOIN pg_roles process ON process.oid = given.member
            WHERE given.roleid = other.oid AND pg_has_role(login.oid, process.oid, 'MEMBER')
              AND process.rolname IN ('spaceport_web', 'spaceport_worker', 'spaceport_gateway'))) AS member
     FROM pg_roles login WHERE rolname = session_user`,
  )
  const remedy = `create a login for each process, and have migrations grant it with SPACEPORT_DATABASE_LOGINS (${page})`
  const roles = found.member === null || found.member === undefined ? [] : String(found.member).split(',')
  const toomuch = [
    ...(found.super === true ? ['is a superuser'] : []),
    ...(found.owner === true ? ['owns the database'] : []),
    ...(found.roles === true ? ['may create roles'] : []),
    ...(found.bypass === true ? ['bypasses row-level security'] : []),
  ]
  const processes = roles.filter((role) => /^spaceport_(web|worker|gateway)$/.test(role))
  const others = roles.filter((role) => !processes.includes(role))
  if (others.length > 0) toomuch.push(`is a member of ${few(others)}`)
  return [
    toomuch.length === 0
      ? good(`The login ${found.login} has only the rights of its role`)
      : bad(`The login ${found.login} ${toomuch.join(', ')}`, remedy),
    processes.length === 1
      ? good(`Its role is ${processes[0]}`)
      : bad(
          processes.length === 0
            ? `The login ${found.login} is a member of no process’s role`
            : `The login ${found.login} is a member of ${few(processes)}: a thief would have the rights of all`,
          remedy,
        ),
  ]
}

async function checkConnections(
  pool: Pool,
  { directUrl, queries, locks, clusters }: DatabaseSettings,
): Promise<Finding> {
  const { allowed, reserved } = await one(
    pool,
    `SELECT current_setting('max_connections')::int AS allowed,
       current_setting('superuser_reserved_connections')::int AS reserved`,
  )
  const limits = { queries, locks, clusters }
  const taken = (['web', 'worker', 'gateway'] as const).reduce(
    (sum, process) => sum + 2 * connectionsOf(process, limits, directUrl !== undefined).direct,
    0,
  )
  const besides = directUrl === undefined ? '' : ' besides those of the pooler'
  const free = Number(allowed) - Number(reserved)
  return free > taken
    ? good(`Postgres allows ${free} connections; two of each process take up to ${taken}${besides}`)
    : doubtful(
        `Postgres allows ${free} connections, and two of each process take up to ${taken}${besides}`,
        `raise max_connections, or lower DATABASE_CONNECTIONS (${connections})`,
      )
}
