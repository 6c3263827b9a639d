import pg from 'pg'
import { listMigrations } from './list-migrations.ts'
import { selectAppliedMigrations } from './migration-rows.ts'

/** @returns migrations that a database has and this version doesn't know: a newer version migrated it */
export async function selectUnknownMigrations(ownerUrl: string): Promise<string[]> {
  const known = new Set((await listMigrations()).map(({ name }) => name))
  const client = new pg.Client({ connectionString: ownerUrl })
  // If the connection is cut, the next query reports it.
  client.on('error', () => {})
  await client.connect()
  try {
    const applied = await selectAppliedMigrations(client)
    return applied.map(({ name }) => name).filter((name) => !known.has(name))
  } finally {
    await client.end()
  }
}
