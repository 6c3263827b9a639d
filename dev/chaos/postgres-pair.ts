import { appendFileSync, chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { z } from 'zod'
import { startPostgres } from '#dev/postgres.ts'
import { runCaptured } from '#dev/process/run-captured.ts'

const passwordsSchema = z.looseObject({ superuser: z.string() })

/**
 * A Postgres and its synchronous standby, by streaming replication: what is committed is on both.
 * @param ports one for each
 */
export async function startPostgresPair(options: {
  dir: string
  ports: { primary: number; standby: number }
  onCrash: (reason: string) => void
}) {
  const { dir, ports } = options
  let failedOver = false
  const start = (name: 'primary' | 'standby') => {
    const logFile = join(dir, `${name}.log`)
    const onExit = () => {
      if (name === 'standby' || !failedOver) options.onCrash(`Postgres (${name}) ended by itself: ${logFile}`)
    }
    return startPostgres({ dir: join(dir, name), port: ports[name], logFile, report: () => {}, onExit })
  }
  const primary = await start('primary')
  const { superuser } = passwordsSchema.parse(JSON.parse(readFileSync(join(dir, 'primary', 'passwords.json'), 'utf8')))
  const urlOf = (port: number) => `postgresql://postgres:${superuser}@127.0.0.1:${port}/postgres`
  try {
    await withClient(urlOf(ports.primary), async (query) => {
      await copyAsStandby(query, {
        from: join(dir, 'primary'),
        to: join(dir, 'standby'),
        port: ports.primary,
        superuser,
      })
    })
    const standby = await start('standby')
    await withClient(urlOf(ports.primary), async (query) => {
      await query("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
      await query('SELECT pg_reload_conf()')
      await until(async () => {
        const [row] = await query("SELECT sync_state FROM pg_stat_replication WHERE application_name = 'standby'")
        return row?.sync_state === 'sync'
      })
    })
    return {
      ownerUrl: primary.ownerUrl,
      urls: primary.urls,
      /** Kills the primary, and makes the standby one. Resolves when that takes writes. */
      async failOver(): Promise<void> {
        failedOver = true
        primary.process.kill('SIGKILL')
        await primary.process.exited
        await withClient(urlOf(ports.standby), async (query) => {
          await query('SELECT pg_promote(wait => true)')
        })
      },
      async stop() {
        failedOver = true
        await Promise.all([primary.stop(), standby.stop()])
      },
    }
  } catch (error) {
    failedOver = true
    await primary.stop()
    throw error
  }
}

type Query = (sql: string) => Promise<Record<string, unknown>[]>

/** A base backup by hand, since the binaries lack pg_basebackup (PostgreSQL documentation, 25.3.3). */
async function copyAsStandby(
  query: Query,
  { from, to, port, superuser }: { from: string; to: string; port: number; superuser: string },
): Promise<void> {
  rmSync(to, { recursive: true, force: true })
  mkdirSync(to, { mode: 0o711 })
  cpSync(join(from, 'passwords.json'), join(to, 'passwords.json'))
  await query("SELECT pg_backup_start('standby', fast => true)")
  // Owners and modes stay, which Postgres insists on.
  const { status, output } = await runCaptured('cp', ['-a', join(from, 'data'), join(to, 'data')])
  // Files that vanish while they are copied are in the log that is replayed.
  if (status !== 0 && !/No such file/.test(output)) throw new Error(`The primary could not be copied:\n${output}`)
  const [label] = await query('SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)')
  const data = join(to, 'data')
  rmSync(join(data, 'postmaster.pid'), { force: true })
  for (const [file, text] of [
    ['backup_label', String(label?.labelfile)],
    ['standby.signal', ''],
  ] as const) {
    writeFileSync(join(data, file), text)
    chmodSync(join(data, file), 0o644)
  }
  const connection = `host=127.0.0.1 port=${port} user=postgres password=${superuser} application_name=standby`
  appendFileSync(join(data, 'postgresql.auto.conf'), `primary_conninfo = '${connection}'\n`)
}

async function withClient(url: string, work: (query: Query) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await work(async (sql) => (await client.query(sql)).rows)
  } finally {
    await client.end()
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('The standby does not follow the primary.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
