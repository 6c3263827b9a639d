import { grantProcessRoles } from '#dev/postgres/prepare-roles.ts'
import { migrateDatabase } from '#lib/db/migrate.ts'
import type { ProcessName } from '#lib/db/session-of-process.ts'

/** A connection URL for each process. */
export type DatabaseUrls = Record<ProcessName, string>

/**
 * Brings the schema up to date, and grants the login of each process the role that the migrations created for it.
 * @returns the names of the migrations that were applied
 */
export async function prepareDatabase({ ownerUrl, urls }: { ownerUrl: string; urls: DatabaseUrls }): Promise<string[]> {
  const applied = await migrateDatabase(ownerUrl)
  // With one login for all, the migrations have granted it already.
  if (ownerUrl !== urls.web) await grantProcessRoles(ownerUrl)
  return applied
}
