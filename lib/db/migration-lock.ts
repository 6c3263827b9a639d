import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { createMigrationTable } from './migration-rows.ts'

/*
 * Lets one migrator at a time work on a database. A process's login can neither hold this lock nor keep others from it:
 * its mode demands the right to change the table, and conflicts with nothing that a reader of the table may take
 * (https://www.postgresql.org/docs/current/explicit-locking.html).
 */

const waitMs = 30 * 60_000
const pauseMs = 200

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
    await awaitEarlierRelease(client)
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

const key = `hashtext('spaceport migrations')::bigint`

/** Who holds the lock and may change the table. */
const holders = `
  SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
  WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND l.classid::bigint = (${key} >> 32) & 4294967295 AND l.objid::bigint = ${key} & 4294967295
    AND has_table_privilege(a.usesysid, '_prisma_migrations', 'UPDATE')`

/**
 * Migrators of earlier releases know only an advisory lock, which every login can take. It is taken to keep them out,
 * and waited for only while a migrator has it.
 */
async function awaitEarlierRelease(client: pg.Client): Promise<void> {
  for (const until = performance.now() + waitMs; performance.now() < until; await delay(pauseMs)) {
    const { rows } = await client.query<{ taken: boolean }>(`SELECT pg_try_advisory_lock(${key}) AS taken`)
    if (rows[0]?.taken || (await client.query(holders)).rowCount === 0) return
  }
  throw new Error('A migration of an earlier release has been running for half an hour.')
}
