import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { runMigrations } from 'graphile-worker'
import pg from 'pg'
import { openSchemaEngine } from './schema-engine.ts'

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
 * Brings a database's schema up to date: ours by Prisma's schema engine (WebAssembly, nothing is downloaded), then that
 * of the job queue, which belongs to a role of its own. Safe to call again and from several places at once.
 * @param ownerUrl a role that may create tables, extensions (trusted ones) and roles in this database
 * @returns the names of the migrations that were applied
 * @throws Error when a migration that was applied has been edited since, or when one fails (it is then undone as a whole)
 */
export async function migrateDatabase(ownerUrl: string): Promise<string[]> {
  const guard = new pg.Client({ connectionString: ownerUrl })
  await guard.connect()
  try {
    await guard.query(`SELECT pg_advisory_lock(hashtext('spaceport migrations'))`)
    const applied = await applyOurs(ownerUrl)
    await applyQueue(guard, ownerUrl)
    return applied
  } finally {
    await guard.end()
  }
}

async function applyOurs(ownerUrl: string): Promise<string[]> {
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
  const { engine, close } = await openSchemaEngine(ownerUrl)
  try {
    const history = await engine.diagnoseMigrationHistory({ migrationsList, filters, optInToShadowDatabase: false })
    if (history.editedMigrationNames.length > 0) {
      throw new Error(
        `these migrations were edited after they had been applied: ${history.editedMigrationNames.join(', ')}`,
      )
    }
    for (const migrationName of history.failedMigrationNames) await engine.markMigrationRolledBack({ migrationName })
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters })
    return appliedMigrationNames
  } finally {
    await close()
  }
}

/** Owns the job queue's schema. */
const queueRole = 'spaceport_queue'

async function applyQueue(guard: pg.Client, ownerUrl: string): Promise<void> {
  const quoted = guard.escapeIdentifier((await guard.query('SELECT current_database() AS name')).rows[0].name)
  // The owner is a member too: where one login does for all, and for what the migrations' functions do in the queue.
  await guard.query(`GRANT ${queueRole}, spaceport_app TO CURRENT_USER`)
  await guard.query(`REASSIGN OWNED BY spaceport_app TO ${queueRole}`)
  await guard.query(`GRANT CREATE ON DATABASE ${quoted} TO ${queueRole}`)
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 1, options: `-c role=${queueRole}` })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  try {
    await runMigrations({ pgPool: pool })
  } finally {
    await pool.end()
    await guard.query(`REVOKE CREATE ON DATABASE ${quoted} FROM ${queueRole}`)
    await guard.query('GRANT SELECT ON "_prisma_migrations" TO spaceport_web, spaceport_worker')
  }
}
