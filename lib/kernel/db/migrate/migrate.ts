import pg from 'pg'
import { applyMigrations } from './apply-migrations.ts'
import { listMigrations, type Migration } from './list-migrations.ts'
import { migrateQueue } from './migrate-queue.ts'
import { takeMigrationLock } from './migration-lock.ts'
import { forbidTemporaryTables } from './temporary-tables.ts'

/**
 * Migrates our schema, then the job queue's, whose owner no process can act as. Safe to call repeatedly and
 * concurrently.
 * @param ownerUrl a role that may create tables, trusted extensions and roles in this database
 * @param migrations of another release; default: this one's
 * @returns the names of the applied migrations
 * @throws Error when an applied migration was edited, or one fails (and is rolled back as a whole)
 */
export async function migrateDatabase(ownerUrl: string, migrations?: readonly Migration[]): Promise<string[]> {
  const lock = await takeMigrationLock(ownerUrl)
  try {
    const applied = await applyMigrations(ownerUrl, migrations ?? (await listMigrations()), lock.assertHeld)
    await completeSchema(ownerUrl)
    return applied
  } finally {
    await lock.release()
  }
}

async function completeSchema(ownerUrl: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl })
  // A cut connection is reported by the next query.
  owner.on('error', () => {})
  await owner.connect()
  try {
    await migrateQueue(owner, ownerUrl)
    await owner.query('GRANT SELECT ON "_prisma_migrations" TO spaceport_web, spaceport_worker')
    await forbidTemporaryTables(owner)
  } finally {
    await owner.end()
  }
}
