import pg from 'pg'
import { createMigrationTable } from './migration-rows.ts'

/*
 * Lets one migrator at a time work on a database. A process's login can neither hold this lock nor keep others from it:
 * its mode demands the right to change the table, and conflicts with nothing that a reader of the table may take
 * (https://www.postgresql.org/docs/current/explicit-locking.html).
 */

const waitMs = 30 * 60_000

export type MigrationLock = {
  /** @throws Error if the lock was lost with its connection */
  assertHeld(): void
  release(): Promise<void>
}

/**
 * Waits for other migrators, at most half an hour, and makes the table of migrations if there is none.
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
