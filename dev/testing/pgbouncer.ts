import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { vi } from 'vitest'
import { freePorts } from '#dev/ports/free-ports.ts'
import { findUnprivileged } from '#dev/postgres/unprivileged.ts'
import { canInstallWithApt, installWithApt } from '#dev/process/install-with-apt.ts'
import { startProcess } from '#dev/process/managed-process.ts'
import type { TestDatabase } from './own-database.ts'

/** Debian’s is outside of most people’s PATH. */
const find = () =>
  ['/usr/sbin', ...(process.env.PATH ?? '').split(':')]
    .map((dir) => join(dir, 'pgbouncer'))
    .find((path) => existsSync(path))

/**
 * Starts PgBouncer in transaction mode in front of a test file’s database, with as few connections to it as a busy
 * installation has per client.
 * @returns the database reached through it, how to reach its console, and how to stop it
 */
export async function startPgBouncer(
  { databaseUrls, ownerDatabaseUrl }: TestDatabase,
  { poolSize = 2, ignored = '', resetAlways = false } = {},
) {
  if (!find() && canInstallWithApt()) await installWithApt(['pgbouncer'], console.info)
  const program = find()
  if (!program) throw new Error('This test needs PgBouncer 1.18 or newer: install the package pgbouncer.')
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-pgbouncer-'))
  const user = findUnprivileged([program, dir])
  user.own(dir)
  const { port } = await freePorts('port')
  const postgres = new URL(ownerDatabaseUrl)
  const write = (name: string, text: string): string => {
    const path = join(dir, name)
    writeFileSync(path, text, { mode: 0o600 })
    user.own(path)
    return path
  }
  const passwords = Object.values(databaseUrls).map((text) => {
    const { username, password } = new URL(text)
    return `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`
  })
  const users = write('users.txt', passwords.join(''))
  const settings = write(
    'pgbouncer.ini',
    `[databases]
* = host=${postgres.hostname} port=${postgres.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
ignore_startup_parameters = ${ignored}
default_pool_size = ${poolSize}
query_wait_timeout = 4
server_round_robin = 1
server_reset_query_always = ${resetAlways ? 1 : 0}
`,
  )
  const server = await startProcess({
    name: 'pgbouncer',
    ...user.command(program, [settings]),
    env: { PATH: process.env.PATH },
    cwd: '/',
    logFile: join(dir, 'log', 'pgbouncer.log'),
  })
  const through = (url: string) => Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href
  const { web, worker, gateway } = databaseUrls
  const stop = async () => {
    await server.stop({ signal: 'SIGINT', graceMs: 5_000 })
    rmSync(dir, { recursive: true, force: true })
  }
  try {
    await vi.waitFor(() => ask(through(web), 'SELECT 1'), { timeout: 20_000, interval: 50 })
  } catch (error) {
    const said = server.tail()
    await stop()
    throw new Error(`PgBouncer doesn’t answer:\n${said}`, { cause: error })
  }
  return {
    database: {
      ownerDatabaseUrl,
      databaseUrls: { web: through(web), worker: through(worker), gateway: through(gateway) },
      directUrls: databaseUrls,
    } satisfies TestDatabase,
    stop,
  }
}

/** One statement of a client that is like any other. @returns its rows */
export async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}
