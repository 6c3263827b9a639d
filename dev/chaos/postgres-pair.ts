import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { superuserUrl, takeBaseBackup, withClient, writeDataFile } from '#dev/postgres/base-backup.ts'
import { startPostgres } from '#dev/postgres.ts'

/**
 * A Postgres and its synchronous standby, with streaming replication: a committed row is on both.
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
      if (name === 'standby' || !failedOver) options.onCrash(`Postgres (${name}) exited unexpectedly: ${logFile}`)
    }
    return startPostgres({ dir: join(dir, name), port: ports[name], logFile, report: () => {}, onExit })
  }
  const primary = await start('primary')
  const urlOf = (port: number) => superuserUrl(join(dir, 'primary'), port)
  try {
    await copyAsStandby(dir, ports.primary)
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
      /** Kills the primary and promotes the standby. Resolves when that accepts writes. */
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

/** Creates a copy of the primary that follows it. */
async function copyAsStandby(dir: string, port: number): Promise<void> {
  const [from, to] = [join(dir, 'primary'), join(dir, 'standby')]
  await takeBaseBackup({ from, port, to })
  const data = join(to, 'data')
  writeDataFile(join(data, 'standby.signal'), '')
  const { password } = new URL(superuserUrl(from, port))
  const connection = `host=127.0.0.1 port=${port} user=postgres password=${password} application_name=standby`
  appendFileSync(join(data, 'postgresql.auto.conf'), `primary_conninfo = '${connection}'\n`)
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('The standby does not follow the primary.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
