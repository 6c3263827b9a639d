import { expect, test } from 'vitest'
import { startBreakableProxy } from '#dev/testing/breakable-proxy.ts'
import { ownDatabase } from '#dev/testing/own-database.ts'
import { ownerSql } from '#dev/testing/owner-sql.ts'
import { isDatabaseUnavailable } from '#lib/domain/database-failure.ts'
import { createPool, createReaderPool } from './pool.ts'

test('a network that swallows everything makes nobody wait forever, and counts as an unavailable database', {
  timeout: 30_000,
}, async () => {
  const direct = new URL((await ownDatabase()).databaseUrls.web)
  const proxy = await startBreakableProxy({ host: direct.hostname, port: Number(direct.port) })
  const url = Object.assign(new URL(direct), { hostname: '127.0.0.1', port: String(proxy.port) }).href
  const pool = createPool(url, { process: 'web', max: 1, applicationName: 'test', statementTimeout: 1_000 })
  await pool.query('SELECT 1')
  proxy.silence()
  const failure = await pool.query('SELECT 1').catch((error: unknown) => error)
  expect(isDatabaseUnavailable(failure), String(failure)).toBe(true)
  proxy.mend()
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await pool.end()
  await proxy.close()
})

test('a reader whose idle connection Postgres cuts goes on with another', async () => {
  const { ownerDatabaseUrl: url } = await ownDatabase()
  const pool = createReaderPool(url, 'test')
  const pid = async () => (await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid
  const first = await pid()
  // Without a listener, the cut would be an uncaught exception, which fails the whole run.
  await ownerSql(url, 'SELECT pg_terminate_backend($1)', [first])
  await expect.poll(() => pool.totalCount).toBe(0)
  expect(await pid()).not.toBe(first)
  await pool.end()
})
