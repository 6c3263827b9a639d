import pg from 'pg'
import { applyMigration, lockTimeoutMs } from './apply-migration.ts'
import type { Migration } from './list-migrations.ts'
import { hasChecksum, selectAppliedMigrations } from './migration-rows.ts'

/** The second statement lets Postgres notice within a second that this process is gone, where supported. */
const sessionSettings = `
  SET lock_timeout = ${lockTimeoutMs}; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
  DO $$ BEGIN
    PERFORM set_config('client_connection_check_interval', '1000', false);
  EXCEPTION WHEN invalid_parameter_value THEN NULL;
  END $$`

/**
 * Applies the missing migrations in order. The caller keeps other migrators out.
 * @param assertAlone called before each one; throws if another migrator may be running
 * @returns the names of the applied migrations
 * @throws Error when the database is older than the first migration, an applied one was edited, or one fails (earlier
 * ones stay)
 */
export async function applyMigrations(
  ownerUrl: string,
  migrations: readonly Migration[],
  assertAlone: () => void,
): Promise<string[]> {
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'spaceport-migrate', keepAlive: true })
  // A cut connection is reported by the next query.
  owner.on('error', () => {})
  await owner.connect()
  try {
    await owner.query(sessionSettings)
    const applied = new Map((await selectAppliedMigrations(owner)).map(({ name, checksum }) => [name, checksum]))
    assertBaseline(migrations, applied)
    assertUnedited(migrations, applied)
    const pending = migrations.filter(({ name }) => !applied.has(name))
    for (const migration of pending) {
      assertAlone()
      await applyMigration(owner, migration)
    }
    return pending.map(({ name }) => name)
  } finally {
    await owner.end()
  }
}

function assertBaseline([first]: readonly Migration[], applied: ReadonlyMap<string, string>): void {
  if (first === undefined || applied.size === 0 || applied.has(first.name)) return
  throw new Error(
    `This database was migrated by a version from before the first release (it has no ${first.name}) and can’t be upgraded. Use an empty database. In development, remove .spaceport to get one.`,
  )
}

function assertUnedited(migrations: readonly Migration[], applied: ReadonlyMap<string, string>): void {
  const edited = migrations.filter((migration) => {
    const checksum = applied.get(migration.name)
    return checksum !== undefined && !hasChecksum(migration, checksum)
  })
  if (edited.length === 0) return
  const names = edited.map(({ name }) => name).join(', ')
  throw new Error(
    `These migrations were edited after they were applied: ${names}. Restore their files, and put the change into a new migration.`,
  )
}
