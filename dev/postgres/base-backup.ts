import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { z } from 'zod'
import { runCaptured } from '#dev/process/run-captured.ts'

const passwordsSchema = z.looseObject({ superuser: z.string() })

/** @returns the superuser’s URL of the Postgres that startPostgres runs in `dir` */
export function superuserUrl(dir: string, port: number): string {
  const { superuser } = passwordsSchema.parse(JSON.parse(readFileSync(join(dir, 'passwords.json'), 'utf8')))
  return `postgresql://postgres:${superuser}@127.0.0.1:${port}/postgres`
}

type Query = (sql: string) => Promise<Record<string, unknown>[]>

/** Runs statements on one connection. */
export async function withClient(url: string, work: (query: Query) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await work(async (sql) => (await client.query(sql)).rows)
  } finally {
    await client.end()
  }
}

/**
 * Takes a base backup of a running Postgres by hand, because the binaries lack pg_basebackup (PostgreSQL documentation,
 * 25.3.3). startPostgres starts from it, with the passwords of the original.
 * @param from the folder given to startPostgres
 * @param to a folder to create; an existing one is replaced
 */
export async function takeBaseBackup({ from, port, to }: { from: string; port: number; to: string }): Promise<void> {
  rmSync(to, { recursive: true, force: true })
  mkdirSync(to, { mode: 0o711 })
  cpSync(join(from, 'passwords.json'), join(to, 'passwords.json'))
  const data = join(to, 'data')
  await withClient(superuserUrl(from, port), async (query) => {
    await query("SELECT pg_backup_start('copy', fast => true)")
    await copy(join(from, 'data'), data)
    const [label] = await query('SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)')
    // The WAL written during the copy, without which it is inconsistent.
    await copy(`${join(from, 'data', 'pg_wal')}/.`, join(data, 'pg_wal'))
    rmSync(join(data, 'postmaster.pid'), { force: true })
    writeDataFile(join(data, 'backup_label'), String(label?.labelfile))
  })
}

/** Writes a file that Postgres, which runs as another user, can read. */
export function writeDataFile(path: string, text: string): void {
  writeFileSync(path, text)
  chmodSync(path, 0o644)
}

/** Keeps owners and modes, which Postgres checks. */
async function copy(from: string, to: string): Promise<void> {
  const { status, output } = await runCaptured('cp', ['-a', from, to])
  // Files that vanish during the copy are in the WAL that is replayed.
  if (status !== 0 && !/No such file/.test(output)) throw new Error(`Postgres could not be copied:\n${output}`)
}
