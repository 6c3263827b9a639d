import pg from 'pg'
import { listMigrations } from './list-migrations.ts'
import { selectAppliedMigrations } from './migration-rows.ts'

/** @returns applied migrations that this version doesn't know, from a newer one */
export async function selectUnknownMigrations(ownerUrl: string): Promise<string[]> {
  const known = new Set((await listMigrations()).map(({ name }) => name))
  const client = new pg.Client({ connectionString: ownerUrl })
  // A cut connection is reported by the next query.
  client.on('error', () => {})
  await client.connect()
  try {
    const applied = await selectAppliedMigrations(client)
    return applied.map(({ name }) => name).filter((name) => !known.has(name))
  } finally {
    await client.end()
  }
}
