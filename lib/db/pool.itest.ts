import { expect, test } from 'vitest'
import { startBreakableProxy } from '#dev/testing/breakable-proxy.ts'
import { ownDatabase } from '#dev/testing/own-database.ts'
import { isDatabaseUnavailable } from '#lib/domain/database-failure.ts'
import { createPool } from './pool.ts'

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
