import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Authority, openAuthority } from '#dev/cluster/certificates.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { startSyslogReceiver } from '#dev/testing/network/syslog-receiver.ts'
import { deliveryState } from '#lib/features/audit/model/trail-delivery.ts'
import { openTrailSyslog } from '#lib/features/audit/sinks/open-trail-syslog.ts'
import { openTrailWebhook } from '#lib/features/audit/sinks/open-trail-webhook.ts'
import type { TrailSink } from '#lib/features/audit/sinks/trail-sink.ts'
import { deliverTrail } from './deliver-trail.ts'
import { listDeliveries } from './list-deliveries.ts'

let fixture: BrokerFixture
let folder: string
let authority: Authority
const stops: (() => unknown)[] = []
const running = new AbortController().signal
/** How far the clock is ahead. */
let ahead = 0

beforeAll(async () => {
  fixture = await openBrokerFixture()
  folder = mkdtempSync(join(tmpdir(), 'spaceport-own-'))
  authority = await openAuthority(folder, 'test')
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await fixture.close()
})
beforeEach(async () => {
  ahead = 0
  await fixture.owner.query('DELETE FROM trail_delivery')
  await seal()
  // Ignores what earlier tests wrote.
  for (const sink of ['webhook', 'syslog'])
    await fixture.owner.query(
      `INSERT INTO trail_delivery (sink, host, seen_at, block, checkpoint)
       SELECT $1, 'x', '2000-01-01', coalesce(max(number), 0), coalesce((SELECT max(block) FROM audit_checkpoint), 0) FROM audit_block`,
      [sink],
    )
})
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const ctx = () => fixture.system({ clock: () => new Date(Date.now() + ahead) })
const seal = () => fixture.system().pool.query('SELECT seal_trail(100000)')

let written = 0
/**
 * Adds rows to the trail and seals them.
 * @returns their ids, in order
 */
async function addRows(count: number): Promise<string[]> {
  const { rows } = await fixture.owner.query(
    `INSERT INTO audit_event (id, action, at, actor_kind, actor_handle, target_kind, target_name, observer, destination, outcome, detail)
     SELECT gen_random_uuid(), 'space.create', now(), 'user', 'alice-000001', 'space', 'n' || ($2 + i), 'web/test', 'portal', 'ok', jsonb_build_object('n', $2 + i)
     FROM generate_series(1, $1) i RETURNING id, seq`,
    [count, written],
  )
  written += count
  await seal()
  return rows.map(({ id }) => id)
}

type Answer = (response: ServerResponse, batch: { id: string }[]) => void
/** A webhook receiver that can go away and come back. */
async function startReceiver(
  answer: { now: Answer } = { now: (response) => response.writeHead(204).end() },
  maxMs = 15_000,
) {
  const { hook: port } = await freePorts('hook')
  const batches: { id: string; type: string; data: { number?: number } }[][] = []
  let server: Server | undefined
  async function start() {
    server = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        const batch = JSON.parse(Buffer.concat(parts).toString())
        batches.push(batch)
        answer.now(response, batch)
      })
    })
    await new Promise<void>((done) => void server?.listen(port, 'localhost', () => done()))
  }
  async function stop() {
    server?.closeAllConnections()
    await new Promise<void>((done) => (server ? server.close(() => done()) : done()))
    server = undefined
  }
  await start()
  stops.push(stop)
  const sink = openTrailWebhook({ url: `http://localhost:${port}/`, token: '', secret: '', maxMs })
  stops.push(sink.close)
  const rowsOf = (list: { id: string; type: string }[]) =>
    list.filter(({ type }) => type.startsWith('dev.spaceport.audit.')).map(({ id }) => id)
  return { sink, batches, rows: () => rowsOf(batches.flat()), all: () => batches.flat(), stop, start }
}

async function startSyslog() {
  const certificate = await authority.issue('server', { commonName: 'x', hosts: ['localhost'], usages: ['server'] })
  const receiver = await startSyslogReceiver({ certificate, caFile: authority.caFile })
  stops.push(receiver.stop)
  const sink = openTrailSyslog({
    url: `tls://localhost:${receiver.port}`,
    caFile: authority.caFile,
    certFile: '',
    keyFile: '',
    hostname: 'spaceport.test',
    maxMs: 15_000,
  })
  stops.push(sink.close)
  return { ...receiver, sink }
}

/**
 * Delivers until nothing is left.
 * @returns what the steps did
 */
async function drain(sink: TrailSink): Promise<string[]> {
  const steps: string[] = []
  for (;;) {
    const { did } = await deliverTrail(ctx(), sink, running)
    if (did === 'nothing') return steps
    steps.push(did)
    if (did !== 'delivered') return steps
  }
}

const stateOf = async (sink: string) => {
  const auditor = fixture.as(await fixture.person('auditor', { platformRole: 'auditor' }))
  return (await listDeliveries(auditor)).find((delivery) => delivery.sink === sink)
}

test('everything sealed arrives in the chain’s order: each block’s head, its rows, and checkpoints after their block', async () => {
  const receiver = await startReceiver()
  const ids = await addRows(1_234)
  const { rows } = await fixture.owner.query('SELECT number, hash FROM audit_block ORDER BY number DESC LIMIT 1')
  await fixture.owner.query(
    `INSERT INTO audit_checkpoint (block, hash, rows, made_at, key_id, statement, signature) VALUES ($1, $2, 1, now(), 'k', 's', 'x')`,
    [rows[0].number, rows[0].hash],
  )
  ids.push(...(await addRows(3)))
  await drain(receiver.sink)
  expect(receiver.rows()).toEqual(ids)
  const sequences = receiver.all().map((event) => String(Reflect.get(event, 'sequence')))
  expect(sequences).toEqual([...sequences].sort())
  expect(new Set(sequences).size).toBe(sequences.length)
  const kinds = receiver.all().map(({ type }) => type.replace(/^dev\.spaceport\.audit\..*/, 'row'))
  expect(kinds.filter((kind) => kind === 'dev.spaceport.trail.block').length).toBeGreaterThanOrEqual(3)
  const checkpoint = kinds.indexOf('dev.spaceport.trail.checkpoint')
  expect(kinds.slice(checkpoint)).toEqual([
    'dev.spaceport.trail.checkpoint',
    'dev.spaceport.trail.block',
    'row',
    'row',
    'row',
  ])
  for (const batch of receiver.batches) expect(batch.length).toBeLessThanOrEqual(501)
  expect(await stateOf('webhook')).toMatchObject({ waiting: 0, failingSince: null, lastError: null })
})

test('unsealed rows aren’t delivered', async () => {
  const receiver = await startReceiver()
  await fixture.owner.query(
    `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination, outcome)
     VALUES (gen_random_uuid(), 'space.create', now(), 'system', 'portal', 'worker/test', 'portal', 'ok')`,
  )
  expect(await drain(receiver.sink)).toEqual([])
})

test('a receiver that is away for an hour misses nothing, is retried every five minutes, and catches up', async () => {
  const receiver = await startReceiver()
  const ids = await addRows(10)
  await drain(receiver.sink)
  await receiver.stop()
  let tries = 0
  const until = 3_600_000
  while (ahead < until) {
    ids.push(...(await addRows(20)))
    const step = await deliverTrail(ctx(), receiver.sink, running)
    if (step.did === 'failed') tries++
    if (step.did === 'failed' || step.did === 'waited') {
      expect(step.until.getTime() - (Date.now() + ahead)).toBeLessThanOrEqual(5 * 60_000 + 100)
      ahead = Math.max(ahead + 1, step.until.getTime() - Date.now())
    }
  }
  expect(tries).toBeGreaterThan(12)
  expect(tries).toBeLessThan(40)
  const away = await stateOf('webhook')
  expect(away).toMatchObject({ lastError: expect.stringMatching(/^unreachable:/), waiting: ids.length - 10 })
  if (!away) throw new Error('no state')
  expect(deliveryState(away, away.seenAt)).toBe('away')
  await receiver.start()
  ahead += 5 * 60_000
  await drain(receiver.sink)
  expect(receiver.rows()).toEqual(ids)
  expect(await stateOf('webhook')).toMatchObject({ waiting: 0, failingSince: null, attempts: 0 })
})

test('a syslog receiver that is really away for seconds catches up in order', async () => {
  const receiver = await startSyslog()
  const ids = await addRows(700)
  receiver.behaviour.breaksAfter = 300
  expect(await drain(receiver.sink)).toEqual(['failed'])
  receiver.behaviour.breaksAfter = 0
  await expect.poll(() => drain(receiver.sink), { timeout: 20_000, interval: 200 }).toContain('delivered')
  await drain(receiver.sink)
  const rows = receiver.events().filter(({ type }) => type.startsWith('dev.spaceport.audit.'))
  // Some came twice, with the same id.
  const firsts = [...new Map(rows.map((row) => [row.id, row])).keys()]
  expect(firsts).toEqual(ids)
  expect(rows.length).toBeGreaterThan(ids.length)
})

test('a worker that dies before it records the receiver’s answer sends the same batch again, with the same ids', async () => {
  const answer: { now: Answer } = { now: (response) => response.writeHead(204).end() }
  const receiver = await startReceiver(answer)
  const ids = await addRows(5)
  const dying = { ...ctx() }
  const pool = Object.create(dying.pool, {
    query: {
      value: (query: { name?: string }, ...more: unknown[]) =>
        query.name === 'move-trail-delivery'
          ? Promise.reject(new Error('killed'))
          : Reflect.apply(dying.pool.query, dying.pool, [query, ...more]),
    },
  })
  await expect(deliverTrail({ ...dying, pool }, receiver.sink, running)).rejects.toThrow('killed')
  await drain(receiver.sink)
  expect(receiver.batches).toHaveLength(2)
  expect(receiver.batches[1]).toEqual(receiver.batches[0])
  expect([...new Set(receiver.rows())]).toEqual(ids)
})

test('of two workers at once, neither skips anything, and one notices the other', async () => {
  const receiver = await startReceiver()
  const ids = await addRows(2_000)
  const results: PromiseSettledResult<unknown>[] = []
  for (let round = 0; round < 20; round++)
    results.push(...(await Promise.allSettled([1, 2].map(() => deliverTrail(ctx(), receiver.sink, running)))))
  expect([...new Set(receiver.rows())]).toEqual(ids)
  for (const result of results)
    if (result.status === 'rejected') expect(String(result.reason)).toContain('another worker')
})

test.each([
  [500, {}, 'http:500', 1_000],
  [429, { 'retry-after': '120' }, 'http:429', 120_000],
  [429, { 'retry-after': '99999' }, 'http:429', 300_000],
  [307, { location: 'http://localhost:1/' }, 'http:307', 1_000],
  [401, {}, 'http:401', 1_000],
])('an answer %i %j doesn’t move the position, and is retried later', async (status, headers, error, waitMs) => {
  const answer: { now: Answer } = { now: (response) => response.writeHead(status, headers).end() }
  const receiver = await startReceiver(answer)
  const ids = await addRows(3)
  const at = new Date()
  const then = fixture.system({ clock: () => at })
  const step = await deliverTrail(then, receiver.sink, running)
  if (step.did !== 'failed') throw new Error(step.did)
  const wait = step.until.getTime() - at.getTime()
  expect(wait).toBeGreaterThan(waitMs * 0.7)
  expect(wait).toBeLessThanOrEqual(waitMs)
  expect(await stateOf('webhook')).toMatchObject({ lastError: error, attempts: 1, waiting: 3 })
  expect(await deliverTrail(then, receiver.sink, running)).toMatchObject({ did: 'waited' })
  answer.now = (response) => response.end()
  ahead = waitMs + 1_000
  await drain(receiver.sink)
  expect([...new Set(receiver.rows())]).toEqual(ids)
})

test('a receiver that rejects large batches gets smaller ones until one fits', async () => {
  const answer: { now: Answer } = {
    now: (response, batch) => response.writeHead(batch.length > 60 ? 413 : 204).end(),
  }
  const receiver = await startReceiver(answer)
  const ids = await addRows(400)
  for (let round = 0; round < 60; round++) {
    await drain(receiver.sink)
    ahead += 5 * 60_000
  }
  const taken = receiver.batches.filter((batch) => batch.length <= 60).flat()
  expect([...new Set(taken.filter(({ type }) => type.includes('.audit.')).map(({ id }) => id))]).toEqual(ids)
})

test('a receiver that hangs doesn’t block others', async () => {
  const hanging = await startReceiver({ now: () => {} }, 8_000)
  const syslog = await startSyslog()
  const ids = await addRows(50)
  const began = performance.now()
  const slow = deliverTrail(ctx(), hanging.sink, running).then(() => performance.now() - began)
  await drain(syslog.sink)
  const fast = performance.now() - began
  expect(syslog.events().filter(({ type }) => type.includes('.audit.'))).toHaveLength(ids.length)
  expect(fast).toBeLessThan(await slow)
  expect(await stateOf('webhook')).toMatchObject({ lastError: expect.stringMatching(/^timeout:/) })
  expect(await stateOf('syslog')).toMatchObject({ failingSince: null, waiting: 0 })
})

test('an untrusted certificate is reported, and nothing is delivered', async () => {
  const receiver = await startSyslog()
  await addRows(1)
  const { port } = receiver
  const sink = openTrailSyslog({ url: `tls://localhost:${port}`, caFile: '', certFile: '', keyFile: '', hostname: 'x' })
  stops.push(sink.close)
  expect(await drain(sink)).toEqual(['failed'])
  expect(receiver.received).toEqual([])
  expect(await stateOf('syslog')).toMatchObject({ lastError: expect.stringMatching(/^certificate:/) })
})

test('a row that the database owner deleted leaves a visible gap, and delivery continues', async () => {
  const receiver = await startReceiver()
  const ids = await addRows(5)
  await fixture.owner.query('ALTER TABLE audit_event DISABLE TRIGGER USER')
  await fixture.owner.query('DELETE FROM audit_event WHERE id = $1', [ids[2]])
  await fixture.owner.query('ALTER TABLE audit_event ENABLE TRIGGER USER')
  await drain(receiver.sink)
  expect(receiver.rows()).toEqual(ids.filter((_, index) => index !== 2))
  expect(receiver.all()[0]).toMatchObject({ type: 'dev.spaceport.trail.block', data: { rows: 5 } })
})

test('a block that is archived during its delivery leaves the next one complete', async () => {
  await addRows(3)
  await addRows(3)
  const { rows: blocks } = await fixture.owner.query(
    'SELECT number::int AS number FROM audit_block ORDER BY audit_block.number DESC LIMIT 2',
  )
  const [next, gone] = blocks.map(({ number }: { number: number }) => number)
  // Its head and one of its rows were delivered.
  await fixture.owner.query(
    `UPDATE trail_delivery SET block = $1, position = 2, delivered = 9 WHERE sink = 'webhook'`,
    [(gone ?? 0) - 1],
  )
  await fixture.owner.query('ALTER TABLE audit_block DISABLE TRIGGER USER')
  await fixture.owner.query('DELETE FROM audit_block WHERE number = $1', [gone])
  await fixture.owner.query('ALTER TABLE audit_block ENABLE TRIGGER USER')
  const { sink, all } = await startReceiver()
  const warned: unknown[] = []
  const log = Object.assign(Object.create(ctx().log), { error: (said: unknown) => warned.push(said) })
  await deliverTrail({ ...ctx(), log }, sink, running)
  expect(warned).toEqual([expect.objectContaining({ sink: 'webhook', missing: 1 })])
  expect(all().map(({ data, type }) => data.number ?? type)).toEqual([
    next,
    ...Array(3).fill('dev.spaceport.audit.space.create'),
  ])
})

test('a new receiver starts after the archived months, without a warning', async () => {
  await addRows(3)
  await addRows(3)
  await fixture.owner.query('ALTER TABLE audit_block DISABLE TRIGGER USER')
  await fixture.owner.query('DELETE FROM audit_block WHERE number < (SELECT max(number) FROM audit_block)')
  await fixture.owner.query('ALTER TABLE audit_block ENABLE TRIGGER USER')
  await fixture.owner.query(`DELETE FROM trail_delivery WHERE sink = 'webhook'`)
  const { sink, all } = await startReceiver()
  const said: unknown[] = []
  const log = Object.assign(Object.create(ctx().log), { error: (...line: unknown[]) => said.push(line) })
  await fixture.owner.query(`DELETE FROM trail_delivery WHERE sink = 'webhook'`)
  expect(await deliverTrail({ ...ctx(), log }, sink, running)).toMatchObject({ did: 'delivered' })
  expect(said).toEqual([])
  expect(all()[0]).toMatchObject({ type: 'dev.spaceport.trail.block' })
})
