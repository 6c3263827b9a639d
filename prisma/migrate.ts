import { readMigrationConfig } from '#lib/config/config.ts'
import { migrateDatabase } from '#lib/db/migrate.ts'

try {
  const applied = await migrateDatabase(readMigrationConfig().DATABASE_URL)
  console.log(applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'The schema is up to date.')
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
// The engine's time limit for its lock, ten seconds, would keep the process waiting although all is done.
process.exit()
