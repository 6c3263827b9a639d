/** Runs around each file of integration tests: checks that every row in its trail uses the closed vocabulary. */
import pg from 'pg'
import { afterAll, expect } from 'vitest'
import { takeOwnDatabase } from '#dev/testing/database/own-database.ts'
import { strangeWords, type TrailWords } from '#dev/testing/fixtures/trail-vocabulary.ts'

afterAll(async () => {
  const database = await takeOwnDatabase()
  if (!database) return
  const client = new pg.Client({ connectionString: database.ownerDatabaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<TrailWords>(
      'SELECT DISTINCT action, observer, destination, reason FROM audit_event',
    )
    const strange = new Set(rows.flatMap(strangeWords))
    expect([...strange], 'values in the trail that its types don’t know').toEqual([])
  } finally {
    await client.end()
  }
})
