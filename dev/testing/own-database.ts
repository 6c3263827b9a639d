import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { migrateDatabase } from '#lib/db/migrate.ts'
import type { DatabaseUrls } from '../prepare-database.ts'
import { ownerSql } from './owner-sql.ts'

export type TestDatabase = { databaseUrls: DatabaseUrls; ownerDatabaseUrl: string }

/** The database that all test files share. */
export const sharedDatabase = (): TestDatabase => ({
  databaseUrls: inject('databaseUrls'),
  ownerDatabaseUrl: inject('ownerDatabaseUrl'),
})

/**
 * Makes a database for one test file alone, on the tests' Postgres: what goes on by itself there (a worker) leaves the
 * spaces of other files as they are. It goes with the Postgres.
 */
export async function createOwnDatabase(): Promise<TestDatabase> {
  const name = `own_${randomBytes(6).toString('hex')}`
  const on = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href
  await ownerSql(inject('ownerDatabaseUrl'), `CREATE DATABASE ${name}`)
  const ownerDatabaseUrl = on(inject('ownerDatabaseUrl'))
  await migrateDatabase(ownerDatabaseUrl)
  const { web, worker, gateway } = inject('databaseUrls')
  return { databaseUrls: { web: on(web), worker: on(worker), gateway: on(gateway) }, ownerDatabaseUrl }
}
