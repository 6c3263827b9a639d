import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { indexAccess } from '#lib/gateway/credential/access.ts'
import { accessRow } from '#lib/gateway/credential/access-fixture.ts'
import { parseTarget } from '#lib/gateway/target/parse-target.ts'
import { createPool, type Pool } from '#lib/kernel/db/pool.ts'
import { observerOf } from '#lib/kernel/model/audit/observer.ts'
import { type AuditWriter, createAuditWriter } from '#lib/kernel/trail/audit-writer.ts'
import { createRecordedReads } from './recorded-reads.ts'

let pool: Pool
let writer: AuditWriter
let owner: string
beforeAll(async () => {
  const database = await ownDatabase()
  owner = database.ownerDatabaseUrl
  const of = { process: 'gateway', max: 2, applicationName: 'test' } as const
  pool = createPool(database.databaseUrls.gateway, of, () => {})
  writer = createAuditWriter(pool, { maxQueue: 10_000 })
})
afterAll(async () => {
  await writer?.close()
  await pool?.end()
})

/** A gateway with a stopped clock that tests move, and one person who reads. */
function scene() {
  const state = { now: Date.parse('2026-12-01T10:00:00Z') }
  const person = randomUUID()
  const access = indexAccess(accessRow({ userId: person }))
  const options = { observer: observerOf('gateway', 'test'), clock: () => state.now, keepCommands: false }
  const reads = createRecordedReads(writer, options)
  const read = (path: string, id = randomUUID()) => {
    const exchange = { id, method: 'GET', url: path, rawHeaders: [], source: '192.0.2.1' }
    const target = parseTarget('GET', `/clusters/lab${path}`)
    return reads.read({ exchange: { ...exchange, upgrade: false, behind: 0, startedAt: 0 }, target, access })
  }
  const rows = () =>
    ownerSql(
      owner,
      `SELECT target_name AS name, namespace, outcome::text, detail ->> 'repeated' AS repeated, detail ->> 'several' AS several,
         detail -> 'names' AS names,
         cluster_audit_id AS audit_id FROM audit_event WHERE actor_id = $1 ORDER BY seq`,
      [person],
    )
  return { state, reads, read, rows }
}
const secret = (name: string, namespace = 'n') => `/api/v1/namespaces/${namespace}/secrets/${name}`
const ok = { outcome: 'ok', code: 200 } as const

test('a read is durable in the trail before it may be sent, even if its process dies then', async () => {
  const { read, rows } = scene()
  const noted = await read(secret('db'))
  expect(await rows()).toMatchObject([{ name: 'db', outcome: null, audit_id: noted.auditId }])
  expect(noted.isOwn).toBe(true)
})

test('repeats within a minute refer to the first, wait for its row, and are counted by their answers', async () => {
  const { state, reads, read, rows } = scene()
  const [first, second] = await Promise.all([read(secret('db')), read(secret('db'))])
  expect(second.auditId).toMatch(new RegExp(`^[-0-9a-f]{36}\\.${first.auditId}$`))
  state.now += 59_999
  const third = await read(secret('db'))
  for (const noted of [first, second, third]) {
    noted.end(ok)
    noted.end({ outcome: 'failed', code: 499 })
  }
  const refused = await read(secret('db'))
  refused.end({ outcome: 'refused', code: 403, reason: 'cluster_403' })
  state.now += 1
  const next = await read(secret('db'))
  expect(next.isOwn).toBe(true)
  reads.close()
  await expect
    .poll(async () => (await rows()).map(({ outcome, repeated }) => [outcome, repeated]))
    .toEqual([
      [null, null],
      ['ok', null],
      ['ok', '2'],
      [null, null],
    ])
  expect((await rows())[2]?.audit_id).toBe(third.auditId)
})

test('other secrets, selections, namespaces, verbs and logs have their own rows', async () => {
  const { read, rows } = scene()
  const paths = [
    secret('db'),
    secret('web'),
    secret('db', 'm'),
    '/api/v1/namespaces/n/secrets',
    '/api/v1/namespaces/n/secrets?labelSelector=a%3Db',
    '/api/v1/namespaces/n/secrets?watch=true',
    '/api/v1/namespaces/n/pods/one/log?container=a',
    '/api/v1/namespaces/n/pods/one/log?container=b',
  ]
  for (const path of paths) expect((await read(path)).isOwn, path).toBe(true)
  expect(await rows()).toHaveLength(paths.length)
})

test('one person’s reads of everything cause a limited number of rows, which cover every read', async () => {
  const { reads, read, rows } = scene()
  const noted = await Promise.all([
    ...Array.from({ length: 1_000 }, (_, n) => read(secret(`s-${n}`))),
    ...Array.from({ length: 1_000 }, (_, n) => read(secret('db', `n-${n}`))),
  ])
  const written = await rows()
  expect(written).toHaveLength(200 + 200 + 1)
  const covers = new Map(written.map((row) => [row.audit_id, row]))
  noted.forEach(({ auditId }, n) => {
    const row = covers.get(auditId.slice(-36))
    const [name, namespace] = n < 1_000 ? [`s-${n}`, 'n'] : ['db', `n-${n - 1_000}`]
    expect([null, namespace]).toContain(row?.namespace)
    if (row?.several !== 'true') expect(row).toMatchObject({ name, namespace })
  })
  reads.close()
})

test('reads of missing objects don’t hide the names of the objects read', async () => {
  const { reads, read, rows } = scene()
  const missing = { outcome: 'failed', code: 404 } as const
  for (let n = 0; n < 205; n++) (await read(secret(`missing-${n}`))).end(missing)
  for (const name of ['db', 'db', 'web']) (await read(secret(name))).end(ok)
  for (let n = 0; n < 205; n++) (await read(secret('missing', `n-${n}`))).end(missing)
  ;(await read(secret('first', 'o'))).end(ok)
  ;(await read(secret('second', 'p'))).end(ok)
  for (let n = 0; n < 100; n++) (await read(secret(`${n}`.padEnd(200, 'x'), 'p'))).end(ok)
  reads.close()
  await vi.waitFor(async () => {
    const named = (await rows()).flatMap(({ names, repeated }) => (Array.isArray(names) ? [{ names, repeated }] : []))
    expect(named).toContainEqual({ names: ['db', 'web'], repeated: '3' })
    const [wide] = named.filter(({ names }) => names.includes('p/second'))
    expect(wide).toMatchObject({ repeated: '102' })
    expect(wide?.names).toContain('o/first')
    expect(JSON.stringify(wide?.names).length).toBeLessThan(4_200)
  }, 30_000)
})

test('a read that can’t be recorded is not sent, and the next one tries again', async () => {
  const { read, rows } = scene()
  const name = `spoilt-${randomUUID()}`
  await ownerSql(
    owner,
    `CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.target_name = '${name}' THEN RAISE 'not now' USING ERRCODE = '57P03'; END IF; RETURN NEW; END $$`,
  )
  await ownerSql(owner, 'CREATE TRIGGER spoil BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION spoil()')
  try {
    const both = await Promise.allSettled([read(secret(name)), read(secret(name))])
    for (const one of both) expect(one).toMatchObject({ reason: { key: 'trail_unavailable', status: 503 } })
  } finally {
    await ownerSql(owner, 'DROP TRIGGER spoil ON audit_event')
    await ownerSql(owner, 'DROP FUNCTION spoil')
  }
  expect((await read(secret(name))).isOwn).toBe(true)
  expect(await rows()).toHaveLength(1)
})
