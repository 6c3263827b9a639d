import pg from 'pg'
import { createMigrationTable } from './migration-rows.ts'

/*
 * Lets one migrator at a time work on a database. A process's login can neither take nor block this lock: the mode
 * requires the right to change the table, and conflicts with no reader's lock
 * (https://www.postgresql.org/docs/current/explicit-locking.html).
 */

const waitMs = 30 * 60_000

export type MigrationLock = {
  /** @throws Error if the connection, and with it the lock, was lost */
  assertHeld(): void
  release(): Promise<void>
}

/**
 * Waits up to half an hour for other migrators, and creates the migrations table if it is missing.
 * @throws DatabaseError when another migrator takes longer (SQLSTATE 55P03)
 */
export async function takeMigrationLock(ownerUrl: string): Promise<MigrationLock> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    application_name: 'spaceport-migrate-lock',
    keepAlive: true,
  })
  let lost: Error | undefined
  client.on('error', (error) => {
    lost = error
  })
  await client.connect()
  try {
    await client.query(
      `SET lock_timeout = ${waitMs}; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0`,
    )
    await createMigrationTable(client)
    await client.query('BEGIN')
    await client.query('LOCK TABLE _prisma_migrations IN SHARE UPDATE EXCLUSIVE MODE')
  } catch (error) {
    await client.end()
    throw error
  }
  return {
    assertHeld() {
      if (lost) throw new Error(`The connection that keeps other migrations out was lost: ${lost.message}`)
    },
    release: () => client.end(),
  }
}
