import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { canInstallWithApt, installWithApt } from '#dev/process/install-with-apt.ts'
import { describeExit, type ManagedProcess, startProcess } from '#dev/process/managed-process.ts'
import { findUnprivileged } from './unprivileged.ts'

export type PgBouncerOptions = {
  /** The folder of its files; created. */
  dir: string
  port: number
  /** Postgres's port on 127.0.0.1. */
  postgresPort: number
  /** Connection URLs with the logins and passwords that it accepts. The first is used for the health check. */
  urls: readonly [string, ...string[]]
  /** By their names in pgbouncer.ini. */
  settings: Readonly<Record<string, string | number>>
  /** Called when it ends without a call of `stop` or `kill`. */
  onCrash?: (reason: string) => void
}

export type PgBouncer = {
  /** @returns the URL that leads through it */
  through(url: string): string
  /** Resolves when it has ended. */
  kill(): Promise<void>
  /** Starts it again, and waits until it answers. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Debian installs it outside of most people’s PATH. */
const find = () =>
  ['/usr/sbin', ...(process.env.PATH ?? '').split(':')]
    .map((dir) => join(dir, 'pgbouncer'))
    .find((path) => existsSync(path))

/**
 * Starts PgBouncer in transaction mode, and waits until it answers.
 * @throws Error with its output
 */
export async function startPgBouncer(options: PgBouncerOptions): Promise<PgBouncer> {
  const { dir, port, urls } = options
  if (!find() && canInstallWithApt()) await installWithApt(['pgbouncer'], console.info)
  const program = find()
  if (!program) throw new Error('This needs PgBouncer 1.18 or newer: install the package pgbouncer.')
  mkdirSync(dir, { recursive: true })
  const user = findUnprivileged([program, dir])
  user.own(dir)
  const settings = writeSettings(options, user.own)
  const through = (url: string) => Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href
  let isExpected = false
  let server: ManagedProcess

  async function launch(): Promise<void> {
    isExpected = false
    server = await startProcess({
      name: 'pgbouncer',
      ...user.command(program ?? '', [settings]),
      env: { PATH: process.env.PATH },
      cwd: '/',
      logFile: join(dir, 'log', 'pgbouncer.log'),
      onExit: (exit) => isExpected || options.onCrash?.(`PgBouncer ended with ${describeExit(exit)}`),
    })
    try {
      await untilItAnswers(through(urls[0]))
    } catch (error) {
      const said = server.tail()
      await stop()
      throw new Error(`PgBouncer doesn’t answer:\n${said}`, { cause: error })
    }
  }
  async function stop(): Promise<void> {
    isExpected = true
    await server.stop({ signal: 'SIGINT', graceMs: 5_000 })
  }
  await launch()
  return {
    through,
    async kill() {
      isExpected = true
      server.kill('SIGKILL')
      await server.exited
    },
    restart: launch,
    stop,
  }
}

function writeSettings({ dir, port, postgresPort, urls, settings }: PgBouncerOptions, own: (path: string) => void) {
  const write = (name: string, text: string): string => {
    const path = join(dir, name)
    writeFileSync(path, text, { mode: 0o600 })
    own(path)
    return path
  }
  const passwords = urls.map((url) => {
    const { username, password } = new URL(url)
    return `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`
  })
  const all = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: write('users.txt', passwords.join('')),
    pool_mode: 'transaction',
    ...settings,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}\n`)
  return write('pgbouncer.ini', `[databases]\n* = host=127.0.0.1 port=${postgresPort}\n[pgbouncer]\n${lines.join('')}`)
}

async function untilItAnswers(url: string): Promise<void> {
  for (const end = Date.now() + 30_000; ; ) {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.query('SELECT 1')
      return
    } catch (error) {
      if (Date.now() > end) throw error
      await sleep(50)
    } finally {
      await client.end().catch(() => {})
    }
  }
}
