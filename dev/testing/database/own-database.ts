import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import type { DatabaseUrls } from '#dev/prepare-database.ts'
import { ownerSql } from './owner-sql.ts'

export type TestDatabase = {
  databaseUrls: DatabaseUrls
  ownerDatabaseUrl: string
  /** The URL of Postgres itself, if the others lead to a pooler. */
  directUrls?: DatabaseUrls
}

/** What takes long to insert, and is copied with the schema. */
export type Content = { name: string; sql: string }

let ofThisFile: Promise<TestDatabase> | undefined

/**
 * The database of this test file, the same at each call. No other file writes into it, so tests that count rows, move
 * the clock, or do a worker's job for all spaces see only this file's data.
 * @param content what it has from the beginning
 */
export function ownDatabase(content?: Content): Promise<TestDatabase> {
  ofThisFile ??= copyDatabase(content)
  return ofThisFile
}

/** @returns the database of the ending test file, if it used one: the next file gets its own */
export function takeOwnDatabase(): Promise<TestDatabase | undefined> {
  const taken = ofThisFile
  ofThisFile = undefined
  return Promise.resolve(taken)
}

/** Creates another freshly migrated database. */
export async function copyDatabase(content?: Content): Promise<TestDatabase> {
  const name = `own_${randomBytes(6).toString('hex')}`
  const { databaseUrls, ownerDatabaseUrl } = inject('template')
  const on = (url: string, database = name) => Object.assign(new URL(url), { pathname: `/${database}` }).href
  const empty = new URL(ownerDatabaseUrl).pathname.slice(1)
  const template = content ? await templateWith(content, empty, (database) => on(ownerDatabaseUrl, database)) : empty
  await ownerSql(on(ownerDatabaseUrl, 'postgres'), `CREATE DATABASE ${name} TEMPLATE ${template}`)
  const { web, worker, gateway } = databaseUrls
  return {
    databaseUrls: { web: on(web), worker: on(worker), gateway: on(gateway) },
    ownerDatabaseUrl: on(ownerDatabaseUrl),
  }
}

/** @returns the database with the content, made by the first file that asks for it */
async function templateWith({ name, sql }: Content, empty: string, urlOf: (database: string) => string) {
  const template = `with_${name}`
  const server = new pg.Client({ connectionString: urlOf('postgres') })
  await server.connect()
  try {
    await server.query('SELECT pg_advisory_lock(hashtext($1))', [template])
    const { rowCount } = await server.query('SELECT FROM pg_database WHERE datname = $1', [template])
    if (rowCount === 0) {
      const unfinished = `${template}_${randomBytes(6).toString('hex')}`
      await server.query(`CREATE DATABASE ${unfinished} TEMPLATE ${empty}`)
      await ownerSql(urlOf(unfinished), sql)
      await server.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`)
    }
    return template
  } finally {
    await server.end()
  }
}
