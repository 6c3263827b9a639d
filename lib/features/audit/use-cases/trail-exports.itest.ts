import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture, type TestContext } from '#dev/testing/fixtures/broker-fixture.ts'
import { deleteTrailExportsBefore } from '#lib/features/audit/db/write-trail-export.ts'
import {
  exportKeptMs,
  maxAllExportBytes,
  maxExportBytes,
  maxExports,
  maxOwnExportBytes,
} from '#lib/features/audit/model/trail-export.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { downloadExport } from './download-export.ts'
import { listExports } from './list-exports.ts'
import { removeExport } from './remove-export.ts'
import { startExport } from './start-export.ts'
import { writeExports } from './write-exports.ts'

let fixture: BrokerFixture
const running = () => new AbortController().signal

beforeAll(async () => {
  fixture = await openBrokerFixture()
  await addRows('noise', 10)
})
afterAll(() => fixture.close())

const auditor = async () => fixture.as(await fixture.person('auditor', { platformRole: 'auditor' }))
const seal = () => fixture.system().pool.query('SELECT seal_trail(1000000)')

/** Adds rows to the trail, an intent and its outcome each, and seals them. */
async function addRows(handle: string, count: number, name = 'x'): Promise<void> {
  await fixture.owner.query(
    `WITH intents AS (
       INSERT INTO audit_event (id, action, at, actor_kind, actor_handle, target_kind, target_name, observer, destination, detail)
       SELECT gen_random_uuid(), 'space.create', now(), 'user', $1, 'space', $3, 'web/test', 'portal', jsonb_build_object('n', i)
       FROM generate_series(1, $2) i RETURNING id)
     INSERT INTO audit_event (id, intent_id, action, at, actor_kind, target_kind, observer, destination, outcome)
     SELECT gen_random_uuid(), id, 'space.create', now(), 'user', 'space', 'web/test', 'portal', 'ok' FROM intents`,
    [handle, count, name],
  )
  await seal()
}

async function fileOf(ctx: TestContext, id: string): Promise<Buffer> {
  const file = await downloadExport(ctx, { id })
  const parts: Uint8Array[] = []
  for await (const part of file.read({ from: 0, until: file.size })) parts.push(part)
  return Buffer.concat(parts)
}
const linesOf = async (ctx: TestContext, id: string) =>
  gunzipSync(await fileOf(ctx, id))
    .toString()
    .trimEnd()
    .split(/\r?\n/)
const eventsOf = async (ctx: TestContext, id: string) => (await linesOf(ctx, id)).map((line) => JSON.parse(line))
const stateOf = async (ctx: TestContext, id: string) => (await listExports(ctx)).find((one) => one.id === id)

const tellsBeginAndEnd = (events: { type: string; data: { part?: string; events?: number } }[]) => {
  expect(events[0]).toMatchObject({ type: 'dev.spaceport.trail.export', data: { part: 'begin' } })
  expect(events.at(-1)).toMatchObject({
    type: 'dev.spaceport.trail.export',
    data: { part: 'end', events: events.length - 2 },
  })
}

test('an export without a filter is the whole chain, in order and complete', async () => {
  const ctx = await auditor()
  const { id } = await startExport(ctx, { format: 'ndjson' })
  expect(await stateOf(ctx, id)).toMatchObject({ state: 'waiting', events: 0 })
  await seal()
  await writeExports(fixture.system(), running())
  const done = await stateOf(ctx, id)
  expect(done).toMatchObject({ state: 'done', error: null })
  expect(done?.total).toBe(done?.events)
  const events = await eventsOf(ctx, id)
  tellsBeginAndEnd(events)
  const rows = events.filter(({ type }) => type.startsWith('dev.spaceport.audit.'))
  const { rows: all } = await fixture.owner.query(
    'SELECT count(*)::int AS count FROM audit_block b, unnest(b.seqs) WHERE number <= $1',
    [events[0].data.lastBlock],
  )
  expect(rows).toHaveLength(all[0].count)
  const sequences = rows.map(({ sequence }) => sequence)
  expect(sequences).toEqual([...sequences].sort())
  expect(rows.every((row) => /^[0-9a-f]{64}$/.test(row.chainhash))).toBe(true)
})

test('a filtered export has the matching actions with their outcomes, and no others', async () => {
  const ctx = await auditor()
  await addRows('wanted-000001', 1_500)
  const { id } = await startExport(ctx, { format: 'ndjson', person: 'wanted-000001' })
  await writeExports(fixture.system(), running())
  const events = await eventsOf(ctx, id)
  tellsBeginAndEnd(events)
  const rows = events.slice(1, -1)
  expect(rows).toHaveLength(3_000)
  const intents = rows.filter(({ data }) => data.what.part === 'intent')
  expect(intents).toHaveLength(1_500)
  expect(new Set(intents.map(({ data }) => data.who.handle))).toEqual(new Set(['wanted-000001']))
  const ids = new Set(intents.map(({ id: of }) => of))
  for (const { data } of rows.filter((row) => row.data.what.part === 'outcome'))
    expect(ids).toContain(data.what.intentId)
})

test('a CSV export has formulas only as text, whether from the trail or the filter', async () => {
  const ctx = await auditor()
  await addRows('formula-000001', 1, '=HYPERLINK("https://evil.example")')
  const { id } = await startExport(ctx, {
    format: 'csv',
    person: 'formula-000001',
    space: '=HYPERLINK("https://evil.example")',
  })
  await writeExports(fixture.system(), running())
  const lines = await linesOf(ctx, id)
  expect(lines).toHaveLength(2)
  expect(lines[1]).toContain(`"'=HYPERLINK(""https://evil.example"")"`)
})

test.each([`' OR true --`, `%`, `_`, `\\`, `'; DELETE FROM trail_export; --`, `{"format":"csv"}`])(
  'a filter finds exactly its matches: %s',
  async (text) => {
    const ctx = await auditor()
    const { id } = await startExport(ctx, { format: 'csv', space: text, from: new Date('2026-01-01') })
    await writeExports(fixture.system(), running())
    expect(await stateOf(ctx, id)).toMatchObject({ state: 'done', events: 0, filter: { space: text } })
    expect(await linesOf(ctx, id)).toHaveLength(1)
  },
)

test('a member can neither start an export nor see that one exists', async () => {
  const ctx = await auditor()
  const { id } = await startExport(ctx, { format: 'csv' })
  const member = fixture.as(await fixture.person('member'))
  for (const attempt of [
    () => startExport(member, { format: 'csv' }),
    () => listExports(member),
    () => downloadExport(member, { id }),
    () => removeExport(member, { id }),
    () => removeExport(member, { id: randomUUID() }),
  ])
    await expect(attempt()).rejects.toMatchObject({ code: 'forbidden' })
  await removeExport(ctx, { id })
})

test('another auditor’s export, or an unfinished one, looks like a missing one', async () => {
  const [mine, other] = [await auditor(), await auditor()]
  const { id } = await startExport(mine, { format: 'csv' })
  await expect(downloadExport(mine, { id })).rejects.toMatchObject({ code: 'not_found' })
  await writeExports(fixture.system(), running())
  await downloadExport(mine, { id })
  for (const guess of [id, randomUUID()]) {
    await expect(downloadExport(other, { id: guess })).rejects.toMatchObject({ code: 'not_found' })
    await expect(removeExport(other, { id: guess })).rejects.toMatchObject({ code: 'not_found' })
  }
  expect(await listExports(other)).toEqual([])
  expect(await stateOf(mine, id)).toMatchObject({ state: 'done' })
})

test('a former auditor can’t download their exports', async () => {
  const person = await fixture.person('former', { platformRole: 'auditor' })
  const { id } = await startExport(fixture.as(person), { format: 'csv' })
  await writeExports(fixture.system(), running())
  await fixture.owner.query(`UPDATE user_account SET platform_role = 'member' WHERE id = $1`, [person.userId])
  // Both for a stale page and for the state in the transaction.
  for (const ctx of [fixture.as({ ...person, platformRole: 'member' }), fixture.as(person)])
    await expect(downloadExport(ctx, { id })).rejects.toMatchObject({ code: 'forbidden' })
})

test('starting, downloading and removing are in the trail, with the person and the filter', async () => {
  const ctx = await auditor()
  const { id } = await startExport(ctx, { format: 'csv', person: 'wanted-000001' })
  await writeExports(fixture.system(), running())
  await downloadExport(ctx, { id })
  await removeExport(ctx, { id })
  const { rows } = await fixture.owner.query(
    `SELECT action, target_id, detail FROM audit_event WHERE actor_id = $1 AND intent_id IS NULL ORDER BY seq`,
    [ctx.actor.userId],
  )
  expect(rows.map(({ action }) => action)).toEqual([
    'audit.export-start',
    'audit.export-download',
    'audit.export-remove',
  ])
  expect(rows.map(({ target_id }) => target_id)).toEqual([id, id, id])
  expect(rows[0].detail).toMatchObject({ format: 'csv', person: 'wanted-000001' })
})

test('a person has a limited number of exports, even with simultaneous requests', async () => {
  const ctx = await auditor()
  const asked = await Promise.allSettled(
    Array.from({ length: 12 }, () => startExport(ctx, { format: 'csv', person: 'nobody' })),
  )
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(maxExports)
  for (const one of asked) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'too_many_exports' })
  await writeExports(fixture.system(), running())
  await expect(startExport(ctx, { format: 'csv' })).rejects.toMatchObject({ code: 'too_many_exports' })
  for (const { id } of await listExports(ctx)) await removeExport(ctx, { id })
  await startExport(ctx, { format: 'csv', person: 'nobody' })
})

test('one person’s exports leave room for others, and the error says which one to remove', async () => {
  const [eager, other] = [await auditor(), await auditor()]
  const { id: large } = await startExport(eager, { format: 'csv', person: 'nobody' })
  const { id: small } = await startExport(eager, { format: 'csv', person: 'nobody' })
  await writeExports(fixture.system(), running())
  const take = (id: string, bytes: number) =>
    fixture.owner.query('UPDATE trail_export SET bytes = $2 WHERE id = $1', [id, bytes])
  await take(large, maxOwnExportBytes - 500_000_000)
  await take(small, 400_000_000)
  const { id } = await startExport(eager, { format: 'csv' })
  await take(small, 500_000_001)
  await writeExports(fixture.system(), running())
  expect(await stateOf(eager, id)).toMatchObject({ state: 'failed', error: 'own_room', bytes: 0 })
  await expect(startExport(eager, { format: 'csv' })).rejects.toMatchObject({
    code: 'too_many_exports',
    sentence: expect.stringMatching(
      /the limit of 2 GB per person\..* the largest is the CSV file of .* UTC, 1\.5 GB\.$/,
    ),
  })
  const { id: theirs } = await startExport(other, { format: 'csv', person: 'nobody' })
  await writeExports(fixture.system(), running())
  expect(await stateOf(other, theirs)).toMatchObject({ state: 'done' })
  for (const one of [large, small, id]) await removeExport(eager, { id: one })
  await startExport(eager, { format: 'csv', person: 'nobody' })
})

test('the size of all exports is limited, and one that doesn’t fit fails with an explanation', async () => {
  const [first, second] = [await auditor(), await auditor()]
  const { id: large } = await startExport(first, { format: 'csv', person: 'nobody' })
  await writeExports(fixture.system(), running())
  await fixture.owner.query('UPDATE trail_export SET bytes = $2 WHERE id = $1', [large, maxAllExportBytes + 1])
  const { id } = await startExport(second, { format: 'csv' })
  await writeExports(fixture.system(), running())
  expect(await stateOf(second, id)).toMatchObject({ state: 'failed', error: 'no_room' })
  await removeExport(first, { id: large })
})

/** Stops a worker after a number of parts, as if it had been killed right after. */
function dyingAfter(parts: number): SystemContext {
  const ctx = fixture.system()
  let left = parts
  const pool = Object.create(ctx.pool, {
    query: {
      value: (query: string | { name?: string }, ...more: unknown[]) => {
        if (left < 0) return Promise.reject(new Error('killed'))
        if (typeof query === 'object' && query.name === 'add-trail-export-part' && left-- === 0)
          return Promise.reject(new Error('killed'))
        return Reflect.apply(ctx.pool.query, ctx.pool, [query, ...more])
      },
    },
  })
  return { ...ctx, pool }
}

test('after a worker died, another continues without repeating or skipping anything', async () => {
  const ctx = await auditor()
  await addRows('long-000001', 9_000, 'y'.repeat(500))
  const { id } = await startExport(ctx, { format: 'ndjson', person: 'long-000001' })
  await expect(writeExports(dyingAfter(1), running())).rejects.toThrow('killed')
  const half = await stateOf(ctx, id)
  expect(half).toMatchObject({ state: 'waiting', isBegun: true })
  expect(half?.events).toBeGreaterThan(0)
  // It is claimed until the lease ends.
  await writeExports(fixture.system(), running())
  expect(await stateOf(ctx, id)).toEqual(half)
  await writeExports(fixture.system({ clock: () => new Date(Date.now() + 120_000) }), running())
  expect(await stateOf(ctx, id)).toMatchObject({ state: 'done', events: 18_000 })
  const events = await eventsOf(ctx, id)
  tellsBeginAndEnd(events)
  expect(new Set(events.map(({ id: of }) => of)).size).toBe(18_002)
})

test('two workers on one export write it once', async () => {
  const ctx = await auditor()
  const { id } = await startExport(ctx, { format: 'ndjson', person: 'long-000001' })
  // For the second one, the first one's lease has expired.
  await Promise.all([
    writeExports(fixture.system(), running()),
    ...[1, 2, 3].map((n) =>
      writeExports(fixture.system({ clock: () => new Date(Date.now() + n * 120_000) }), running()),
    ),
  ])
  await writeExports(fixture.system({ clock: () => new Date(Date.now() + 600_000) }), running())
  const events = await eventsOf(ctx, id)
  tellsBeginAndEnd(events)
  expect(new Set(events.map(({ id: of }) => of)).size).toBe(18_002)
  expect(events).toHaveLength(18_002)
})

test('an export that is removed while it is written leaves no part behind', async () => {
  const ctx = await auditor()
  const { id } = await startExport(ctx, { format: 'ndjson', person: 'long-000001' })
  await expect(writeExports(dyingAfter(1), running())).rejects.toThrow('killed')
  await removeExport(ctx, { id })
  await writeExports(fixture.system({ clock: () => new Date(Date.now() + 120_000) }), running())
  const { rows } = await fixture.owner.query(
    'SELECT count(*)::int AS count FROM trail_export_part WHERE export_id = $1',
    [id],
  )
  expect(rows).toEqual([{ count: 0 }])
})

test('a failed export takes no space', async () => {
  const ctx = await auditor()
  const { id } = await startExport(ctx, { format: 'ndjson', person: 'long-000001' })
  await expect(writeExports(dyingAfter(1), running())).rejects.toThrow('killed')
  await fixture.owner.query('UPDATE trail_export SET bytes = $2 WHERE id = $1', [id, maxExportBytes + 1])
  await writeExports(fixture.system({ clock: () => new Date(Date.now() + 120_000) }), running())
  expect(await stateOf(ctx, id)).toMatchObject({ state: 'failed', error: 'too_large', bytes: 0 })
  const { rows } = await fixture.owner.query(
    'SELECT count(*)::int AS count FROM trail_export_part WHERE export_id = $1',
    [id],
  )
  expect(rows).toEqual([{ count: 0 }])
})

test('an export and its file are removed after seven days', async () => {
  const ctx = await auditor()
  const { id } = await startExport(ctx, { format: 'csv', person: 'nobody' })
  await writeExports(fixture.system(), running())
  const { pool } = fixture.system()
  await deleteTrailExportsBefore(pool, new Date(Date.now() - exportKeptMs))
  expect(await stateOf(ctx, id)).toMatchObject({ state: 'done' })
  await deleteTrailExportsBefore(pool, new Date(Date.now() + 1_000))
  expect(await listExports(ctx)).toEqual([])
  const { rows } = await fixture.owner.query('SELECT count(*)::int AS count FROM trail_export_part')
  expect(rows).toEqual([{ count: 0 }])
})

test('a file can be read from any byte on, and by gzip itself', async () => {
  const ctx = await auditor()
  const { id } = await startExport(ctx, { format: 'ndjson', person: 'long-000001' })
  await writeExports(fixture.system(), running())
  const whole = await fileOf(ctx, id)
  const file = await downloadExport(ctx, { id, isPart: true })
  expect(file.size).toBe(whole.length)
  for (const from of [0, 1, 1_000, Math.floor(whole.length / 2), whole.length - 1]) {
    const parts: Uint8Array[] = []
    for await (const part of file.read({ from, until: whole.length })) parts.push(part)
    expect(Buffer.concat(parts).equals(whole.subarray(from))).toBe(true)
  }
  const text = execFileSync('gzip', ['-dc'], { input: whole, maxBuffer: 1e9 })
  expect(text.equals(gunzipSync(whole))).toBe(true)
})
