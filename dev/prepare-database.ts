import { migrateDatabase } from '#lib/db/migrate.ts'
import { applicationRole } from '#lib/db/pool.ts'
import { grantApplicationRole } from './postgres/prepare-roles.ts'

/**
 * Brings the schema up to date, and lets the application's login work as the role that the migrations made.
 * @returns the names of the migrations that were applied
 */
export async function prepareDatabase({ ownerUrl, appUrl }: { ownerUrl: string; appUrl: string }): Promise<string[]> {
  const applied = await migrateDatabase(ownerUrl)
  // With one login for both, the migrations have granted it already.
  if (ownerUrl !== appUrl) await grantApplicationRole(ownerUrl, applicationRole)
  return applied
}
