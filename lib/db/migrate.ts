import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrateQueue } from './migrate-queue.ts'
import { openSchemaEngine } from './schema-engine.ts'
import { forbidTemporaryTables } from './temporary-tables.ts'

const directory = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))

/** @returns the names and texts of all migrations, oldest first */
export async function listMigrations(): Promise<{ name: string; sql: string }[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  return Promise.all(
    names.map(async (name) => ({ name, sql: await readFile(`${directory}/${name}/migration.sql`, 'utf8') })),
  )
}

/**
 * Brings a database's schema up to date: ours with Prisma's schema engine (WebAssembly, nothing is downloaded), then
 * the job queue's, which belongs to its own role that no process can act as. Safe to call repeatedly and concurrently.
 * @param ownerUrl a role that may create tables, trusted extensions and roles in this database
 * @returns the names of the applied migrations
 * @throws Error when an applied migration has been edited since, or when one fails (it is then rolled back as a whole)
 */
export async function migrateDatabase(ownerUrl: string): Promise<string[]> {
  const guard = new pg.Client({ connectionString: ownerUrl })
  // If it is cut while Prisma works, its next query fails and says so.
  guard.on('error', () => {})
  await guard.connect()
  try {
    await guard.query(`SELECT pg_advisory_lock(hashtext('spaceport migrations'))`)
    const before = await selectApplied(guard)
    await applyOurs(ownerUrl)
    await migrateQueue(guard, ownerUrl)
    await guard.query('GRANT SELECT ON "_prisma_migrations" TO spaceport_web, spaceport_worker')
    await forbidTemporaryTables(guard)
    return (await selectApplied(guard)).filter((name) => !before.includes(name))
  } finally {
    await guard.end()
  }
}

/** @returns the migrations that a database has, oldest first */
async function selectApplied(owner: pg.Client): Promise<string[]> {
  const { rows } = await owner.query<{ made: boolean }>(
    `SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS made`,
  )
  if (!rows[0]?.made) return []
  const applied = await owner.query<{ name: string }>(
    'SELECT migration_name AS name FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1',
  )
  return applied.rows.map(({ name }) => name)
}

/**
 * Whoever waits for a table makes all wait who come after, even if they only read. So a migration waits for no longer
 * than this, lets everybody pass, and tries again. It is well below Postgres’ deadlock_timeout, a second: where somebody
 * who writes has one table and waits for another that the migration has, the migration lets go, before Postgres ends
 * one of the two.
 */
const lockTimeoutMs = 400
const pauseMs = 500
/** Some three minutes. */
const attempts = 200

async function applyOurs(ownerUrl: string): Promise<void> {
  for (let attempt = 1; !(await applyOnce(ownerUrl, attempt === attempts)); attempt++) await delay(pauseMs)
}

/** Postgres: lock_not_available. */
const isLockTimeout = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === '55P03'

/**
 * @param isLast throw also when another transaction holds what a migration needs
 * @returns false in that case: the migration is rolled back, and those before it are applied
 */
async function applyOnce(ownerUrl: string, isLast: boolean): Promise<boolean> {
  const migrations = await listMigrations()
  const migrationsList = {
    baseDir: directory,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
  }
  const filters = { externalTables: [], externalEnums: [] }
  const { engine, failure, close } = await openSchemaEngine(ownerUrl, '', lockTimeoutMs)
  try {
    const history = await engine.diagnoseMigrationHistory({ migrationsList, filters, optInToShadowDatabase: false })
    if (history.editedMigrationNames.length > 0) {
      throw new Error(
        `these migrations were edited after they had been applied: ${history.editedMigrationNames.join(', ')}`,
      )
    }
    for (const migrationName of history.failedMigrationNames) await engine.markMigrationRolledBack({ migrationName })
    await engine.applyMigrations({ migrationsList, filters })
    return true
  } catch (error) {
    if (isLockTimeout(failure()) && !isLast) return false
    throw error
  } finally {
    await close()
  }
}
