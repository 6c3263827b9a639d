import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freePorts } from '#dev/ports/free-ports.ts'
import { startPgBouncer } from '#dev/postgres/pgbouncer.ts'
import type { TestDatabase } from '#dev/testing/database/own-database.ts'

/**
 * Starts PgBouncer in front of a test file’s database, with as few connections to it as a busy installation has per
 * client.
 * @returns the database reached through it, and a function to stop it
 */
export async function openPgBouncer(
  { databaseUrls, ownerDatabaseUrl }: TestDatabase,
  { poolSize = 2, ignored = '', resetAlways = false } = {},
) {
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-pgbouncer-'))
  const { port } = await freePorts('port')
  const { web, worker, gateway } = databaseUrls
  const bouncer = await startPgBouncer({
    ...{ dir, port, postgresPort: Number(new URL(ownerDatabaseUrl).port), urls: [web, worker, gateway] },
    settings: {
      ignore_startup_parameters: ignored,
      default_pool_size: poolSize,
      query_wait_timeout: 4,
      server_round_robin: 1,
      server_reset_query_always: resetAlways ? 1 : 0,
    },
  })
  return {
    database: {
      ownerDatabaseUrl,
      databaseUrls: {
        web: bouncer.through(web),
        worker: bouncer.through(worker),
        gateway: bouncer.through(gateway),
      },
      directUrls: databaseUrls,
    } satisfies TestDatabase,
    async stop() {
      await bouncer.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/**
 * Runs an ordinary statement of a client.
 * @returns its rows
 */
export async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}
