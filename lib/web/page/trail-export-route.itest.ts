import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWebFixture, type WebFixture } from '#dev/testing/fixtures/web-fixture.ts'
import { startExport } from '#lib/features/audit/use-cases/start-export.ts'
import { writeExports } from '#lib/features/audit/use-cases/write-exports.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'

const run = promisify(execFile)

let web: WebFixture
let folder: string
let auditor: Actor
let cookie: string
let id: string
let whole: Buffer
let path: string

beforeAll(async () => {
  web = await openWebFixture()
  folder = mkdtempSync(join(tmpdir(), 'spaceport-own-'))
  const { broker } = web
  await broker.owner.query(
    `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, target_name, observer, destination, outcome)
     SELECT gen_random_uuid(), 'space.create', now(), 'system', 'space', md5(i::text), 'web/test', 'portal', 'ok' FROM generate_series(1, 20000) i`,
  )
  auditor = await broker.person('auditor', { platformRole: 'auditor' })
  cookie = await web.signIn(auditor)
  ;({ id } = await startExport(broker.as(auditor), { format: 'csv' }))
  await writeExports(broker.system(), new AbortController().signal)
  path = `/api/audit/exports/${id}`
  const answer = await web.get(path, { cookie })
  expect(answer.status).toBe(200)
  whole = Buffer.from(await answer.arrayBuffer())
}, 300_000)
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await web?.close()
})

const part = (range: string, more: Record<string, string> = {}) => web.get(path, { cookie, range, ...more })

test('the whole file has a strong tag, and must not be cached', async () => {
  const answer = await web.get(path, { cookie })
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'application/gzip',
    'content-disposition': expect.stringMatching(/^attachment; filename="spaceport-audit-[-\d]+\.csv\.gz"$/),
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
    etag: `"${id}"`,
  })
  expect(answer.headers.get('content-encoding')).toBeNull()
  expect(Buffer.from(await answer.arrayBuffer()).equals(whole)).toBe(true)
  expect(gunzipSync(whole).toString().split('\r\n').length).toBeGreaterThan(20_000)
})

test.each([
  ['bytes=1000-', 1_000, undefined],
  ['bytes=0-0', 0, 1],
  ['bytes=10-99', 10, 100],
  ['bytes=-100', -100, undefined],
])('%s returns that part', async (range, from, until) => {
  const wanted = whole.subarray(from, until)
  for (const more of [{}, { 'if-range': `"${id}"` }]) {
    const answer = await part(range, more)
    expect(answer.status).toBe(206)
    const first = from < 0 ? whole.length + from : from
    expect(answer.headers.get('content-range')).toBe(`bytes ${first}-${first + wanted.length - 1}/${whole.length}`)
    expect(Buffer.from(await answer.arrayBuffer()).equals(wanted)).toBe(true)
  }
})

test('with another tag, a weak one or a date, the whole file is returned', async () => {
  for (const tag of ['"another"', `W/"${id}"`, 'Thu, 26 Nov 2026 12:00:00 GMT']) {
    const answer = await part('bytes=1000-', { 'if-range': tag })
    expect(answer.status).toBe(200)
    expect(Buffer.from(await answer.arrayBuffer()).length).toBe(whole.length)
  }
})

test('a range past the end can’t be satisfied, and several ranges return the whole file', async () => {
  const past = await part(`bytes=${whole.length}-`)
  expect(past.status).toBe(416)
  expect(past.headers.get('content-range')).toBe(`bytes */${whole.length}`)
  const several = await part('bytes=0-1,5-6')
  expect(several.status).toBe(200)
  expect(Buffer.from(await several.arrayBuffer()).length).toBe(whole.length)
})

test('curl resumes an interrupted download', async () => {
  const file = join(folder, 'trail.csv.gz')
  const curl = () => run('curl', ['-sSf', '-C', '-', '-o', file, '-H', `Cookie: ${cookie}`, web.url + path])
  await curl()
  truncateSync(file, Math.floor(whole.length / 3))
  await curl()
  expect(readFileSync(file).equals(whole)).toBe(true)
})

test('only a current auditor gets it, and another site never does', async () => {
  const { broker } = web
  const other = await web.signIn(await broker.person('other', { platformRole: 'auditor' }))
  expect((await web.get(path, { cookie: other })).status).toBe(404)
  expect((await web.get('/api/audit/exports/00000000-0000-4000-8000-000000000000', { cookie })).status).toBe(404)
  expect((await web.get('/api/audit/exports/not-an-id', { cookie })).status).toBe(400)
  const member = await web.signIn(await broker.person('member'))
  expect((await web.get(path, { cookie: member })).status).toBe(403)
  expect((await web.get(path)).status).toBe(401)
  expect((await web.get(path, { cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  await broker.owner.query(`UPDATE user_account SET platform_role = 'member' WHERE id = $1`, [auditor.userId])
  for (const range of ['bytes=0-', 'bytes=100-']) expect((await part(range)).status).toBe(403)
  await broker.owner.query(`UPDATE user_account SET platform_role = 'auditor' WHERE id = $1`, [auditor.userId])
})
