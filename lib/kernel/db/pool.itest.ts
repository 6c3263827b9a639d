import { expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { startBreakableProxy } from '#dev/testing/network/breakable-proxy.ts'
import { startTcpProxy } from '#dev/testing/network/tcp-proxy.ts'
import { isDatabaseUnavailable } from '#lib/kernel/model/database-failure.ts'
import { createDb } from './client.ts'
import { createPool, createReaderPool } from './pool.ts'

test('no caller waits forever on a network that drops everything, and the database counts as unavailable', {
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

test('when Postgres cuts a reader’s idle connection, it continues with another', async () => {
  const { ownerDatabaseUrl: url } = await ownDatabase()
  const pool = createReaderPool(url, 'test')
  const pid = async () => (await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid
  const first = await pid()
  // Without a listener, the cut would be an uncaught exception that fails the run.
  await ownerSql(url, 'SELECT pg_terminate_backend($1)', [first])
  await expect.poll(() => pool.totalCount).toBe(0)
  expect(await pid()).not.toBe(first)
  await pool.end()
})

/** What Postgres sends to a session that an administrator ends. */
const ended = errorResponse({
  S: 'FATAL',
  V: 'FATAL',
  C: '57P01',
  M: 'terminating connection due to administrator command',
})

/** @see https://www.postgresql.org/docs/18/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-ERRORRESPONSE */
function errorResponse(fields: Record<string, string>): Buffer {
  const body = Buffer.from(
    `${Object.entries(fields)
      .map(([code, text]) => `${code}${text}\0`)
      .join('')}\0`,
  )
  const head = Buffer.from('E\0\0\0\0')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

/** ReadyForQuery, outside a transaction: the end of each answer. */
const readyForQuery = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])

test('a session that Postgres ends in the same segment as an answer doesn’t end the process, whichever library connected', async () => {
  const direct = new URL((await ownDatabase()).databaseUrls.web)
  let ending = 0
  const proxy = await startTcpProxy({ host: direct.hostname, port: Number(direct.port) }, (client, upstream) => {
    client.pipe(upstream)
    upstream.on('data', (chunk: Buffer) => {
      if (ending === 0 || !chunk.subarray(-readyForQuery.length).equals(readyForQuery)) return void client.write(chunk)
      ending--
      client.end(Buffer.concat([chunk, ended]))
    })
  })
  const url = Object.assign(new URL(direct), { hostname: '127.0.0.1', port: String(proxy.port) }).href
  const options = { process: 'web', max: 1, applicationName: 'test' } as const
  const pool = createPool(url, options)
  const db = createDb(url, options)
  const asks = {
    'a statement of pg': () => pool.query('SELECT 1'),
    'a transaction of pg': async () => {
      const client = await pool.connect()
      await client.query('SELECT 1').finally(() => client.release(true))
    },
    'a statement of Prisma': () => db.$queryRaw`SELECT 1`,
    'a transaction of Prisma': () => db.$transaction((tx) => tx.$queryRaw`SELECT 1`),
  }
  // The first answer is the connection's. Without a listener, what follows is an uncaught exception.
  for (const [name, ask] of Object.entries(asks))
    for (const answers of [1, 2, 3]) {
      ending = answers
      for (let turn = 0; ending > 0 && turn < 10; turn++)
        await ask().then(
          () => {},
          () => {},
        )
      expect({ name, ending }).toEqual({ name, ending: 0 })
      await expect.poll(() => ask().then(() => name, String)).toBe(name)
    }
  await Promise.all([pool.end(), db.$disconnect()])
  await proxy.close()
})
