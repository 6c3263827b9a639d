import { type DatabaseUrls, prepareDatabase } from '#dev/prepare-database.ts'
import type { Stack } from '#dev/stack/stack-options.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'

export type BenchDatabase = { ownerUrl: string; urls: DatabaseUrls }

/**
 * Creates a database next to the stack’s, with the cluster `default`. Its spaces need no namespaces on the cluster: the
 * stack’s worker doesn’t see them, so it can’t report the namespaces as lost.
 */
export async function createDatabase(stack: Stack, name: string): Promise<BenchDatabase> {
  await ownerSql(stack.ownerDatabaseUrl, `CREATE DATABASE ${name}`)
  const { web, worker, gateway } = stack.databaseUrls
  const ownerUrl = inDatabase(stack.ownerDatabaseUrl, name)
  const urls = { web: inDatabase(web, name), worker: inDatabase(worker, name), gateway: inDatabase(gateway, name) }
  await prepareDatabase({ ownerUrl, urls })
  await ownerSql(ownerUrl, `INSERT INTO cluster (id, name) VALUES (gen_random_uuid(), 'default')`)
  return { ownerUrl, urls }
}

function inDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
