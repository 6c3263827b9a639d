import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { findSpaceById } from '#lib/kernel/db/spaces/find-space.ts'
import { findClusterOfSpace } from '#lib/kernel/db/spaces/space-row.ts'
import { createDb, type Db } from './client.ts'
import { createPool, type Pool } from './pool.ts'

let db: Db
let pool: Pool

beforeAll(async () => {
  const { databaseUrls } = await ownDatabase()
  const options = { process: 'web' as const, max: 1, applicationName: 'test' }
  db = createDb(databaseUrls.web, options)
  pool = createPool(databaseUrls.web, options)
})
afterAll(() => Promise.all([db.$disconnect(), pool.end()]))

const preparedSql = `SELECT name, (generic_plans + custom_plans)::int AS uses FROM pg_prepared_statements`

test('a marked statement is prepared once on a connection, through Prisma and through pg', async () => {
  for (let i = 0; i < 3; i++) {
    await findClusterOfSpace(db, randomUUID())
    await findSpaceById(pool, randomUUID(), randomUUID(), new Date())
  }
  const throughPrisma = await db.$queryRawUnsafe(preparedSql)
  expect(throughPrisma).toEqual([{ name: expect.stringMatching(/^find-cluster-of-space-/), uses: 3 }])
  const { rows: throughPg } = await pool.query(preparedSql)
  expect(throughPg).toEqual([{ name: expect.stringMatching(/^find-space-/), uses: 3 }])
})
