import { readMigrationConfig } from '#lib/config/config.ts'
import { grantLogins } from '#lib/kernel/db/migrate/grant-logins.ts'
import { lackingUnblocker } from '#lib/kernel/db/migrate/lacking-unblocker.ts'
import { migrateDatabase } from '#lib/kernel/db/migrate/migrate.ts'
import { selectTemporaryMakers } from '#lib/kernel/db/migrate/temporary-tables.ts'
import { selectUnknownMigrations } from '#lib/kernel/db/migrate/unknown-migrations.ts'

try {
  const { DATABASE_URL: ownerUrl, SPACEPORT_DATABASE_LOGINS: logins } = readMigrationConfig()
  const applied = await migrateDatabase(ownerUrl)
  console.log(applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'The schema is up to date.')
  const unknown = await selectUnknownMigrations(ownerUrl)
  if (unknown.length > 0)
    console.log(
      `The database was migrated by a newer version: this one does not know ${unknown.join(', ')}. Migrations are never undone; the previous version runs with the newer schema (docs/adr/0004).`,
    )
  await grantLogins(ownerUrl, logins)
  for (const { login, process: user } of logins) console.log(`${login} is the login of ${user}.`)
  const lacking = await lackingUnblocker(ownerUrl)
  if (lacking)
    console.log(
      `A stolen login of the worker could delay revocations. As Postgres’ administrator, run: ${lacking} (docs/install.md, Postgres)`,
    )
  const makers = await selectTemporaryMakers(ownerUrl)
  if (makers.length > 0)
    console.log(
      `These logins may still create temporary tables in this database: ${makers.join(', ')}. If PgBouncer is in front of it, revoke that right (docs/configuration.md, through PgBouncer).`,
    )
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
