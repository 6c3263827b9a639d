import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import type { DatabaseUrls } from '#dev/prepare-database.ts'
import { ownerSql } from './owner-sql.ts'

export type TestDatabase = {
  databaseUrls: DatabaseUrls
  ownerDatabaseUrl: string
  /** The URL of Postgres itself, if the others lead to a pooler. */
  directUrls?: DatabaseUrls
}

let ofThisFile: Promise<TestDatabase> | undefined

/**
 * The database of this test file, the same at each call. No other file writes into it, so tests that count rows, move
 * the clock, or do a worker's job for all spaces see only this file's data.
 */
export function ownDatabase(): Promise<TestDatabase> {
  ofThisFile ??= copyDatabase()
  return ofThisFile
}

/** @returns the database of the ending test file, if it used one: the next file gets its own */
export function takeOwnDatabase(): Promise<TestDatabase | undefined> {
  const taken = ofThisFile
  ofThisFile = undefined
  return Promise.resolve(taken)
}

/** Creates another freshly migrated database. */
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
