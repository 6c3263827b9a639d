import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrateQueue } from './migrate-queue.ts'
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
 * Brings a database's schema up to date: ours with Prisma's schema engine (WebAssembly, nothing is downloaded), then
 * the job queue's, which belongs to its own role that no process can act as. Safe to call repeatedly and concurrently.
 * @param ownerUrl a role that may create tables, trusted extensions and roles in this database
 * @returns the names of the applied migrations
 * @throws Error when an applied migration has been edited since, or when one fails (it is then rolled back as a whole)
 */
export async function migrateDatabase(ownerUrl: string): Promise<string[]> {
  const guard = new pg.Client({ connectionString: ownerUrl })
  await guard.connect()
  try {
    await guard.query(`SELECT pg_advisory_lock(hashtext('spaceport migrations'))`)
    const applied = await applyOurs(ownerUrl)
    await migrateQueue(guard, ownerUrl)
    await guard.query('GRANT SELECT ON "_prisma_migrations" TO spaceport_web, spaceport_worker')
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
