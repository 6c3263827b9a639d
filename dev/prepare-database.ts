import { grantProcessRoles, loginOf } from '#dev/postgres/prepare-roles.ts'
import { migrateDatabase } from '#lib/kernel/db/migrate/migrate.ts'
import type { ProcessName } from '#lib/kernel/db/session-of-process.ts'

/** A connection URL for each process. */
export type DatabaseUrls = Record<ProcessName, string>

/**
 * Brings the schema up to date, and grants the login of each process the role that the migrations created for it.
 * @returns the names of the migrations that were applied
 */
export async function prepareDatabase({ ownerUrl, urls }: { ownerUrl: string; urls: DatabaseUrls }): Promise<string[]> {
  const applied = await migrateDatabase(ownerUrl)
  // A developer's own database (DATABASE_URL) has one login for everything.
  await grantProcessRoles(ownerUrl, ownerUrl === urls.web ? () => 'CURRENT_USER' : loginOf)
  return applied
}
