import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import type { DatabaseUrls } from '#dev/prepare-database.ts'
import { ownerSql } from './owner-sql.ts'

export type TestDatabase = {
  databaseUrls: DatabaseUrls
  ownerDatabaseUrl: string
  /** Where the others lead to a pooler: Postgres itself. */
  directUrls?: DatabaseUrls
}

let ofThisFile: Promise<TestDatabase> | undefined

/**
 * The database of this test file, the same at each call. No other file writes into it: what counts rows, moves the clock,
 * or does what a worker does for all spaces meets only what this file made.
 */
export function ownDatabase(): Promise<TestDatabase> {
  ofThisFile ??= copyDatabase()
  return ofThisFile
}

/** @returns the database of the test file that ends, if it has asked for one: the next file gets its own */
export function takeOwnDatabase(): Promise<TestDatabase | undefined> {
  const taken = ofThisFile
  ofThisFile = undefined
  return Promise.resolve(taken)
}

/** Makes another database, as one that was just migrated. */
export async function copyDatabase(): Promise<TestDatabase> {
  const name = `own_${randomBytes(6).toString('hex')}`
  const { databaseUrls, ownerDatabaseUrl } = inject('template')
  const on = (url: string, database = name) => Object.assign(new URL(url), { pathname: `/${database}` }).href
  const template = new URL(ownerDatabaseUrl).pathname.slice(1)
  await ownerSql(on(ownerDatabaseUrl, 'postgres'), `CREATE DATABASE ${name} TEMPLATE ${template}`)
  const { web, worker, gateway } = databaseUrls
  return {
    databaseUrls: { web: on(web), worker: on(worker), gateway: on(gateway) },
    ownerDatabaseUrl: on(ownerDatabaseUrl),
  }
}
