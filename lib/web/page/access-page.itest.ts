import { afterAll, beforeAll, expect, test } from 'vitest'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { openWebFixture, type WebFixture } from '#dev/testing/fixtures/web-fixture.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'

const space = uniqueName('looked-at')
const download = '/api/admin/access/export'

let web: WebFixture
let handle: string
let cookies: Record<'owner' | 'stranger' | 'auditor', string>

beforeAll(async () => {
  web = await openWebFixture()
  const { broker } = web
  const [owner, stranger, auditor] = await Promise.all([
    broker.person('owner'),
    broker.person('stranger'),
    broker.person('auditor', { platformRole: 'auditor' }),
  ])
  await createSpace(broker.as(owner), { name: space, description: '', size: 'S', endsAt: null })
  handle = owner.handle
  cookies = {
    owner: await web.signIn(owner),
    stranger: await web.signIn(stranger),
    auditor: await web.signIn(auditor),
  }
}, 300_000)
afterAll(() => web?.close())

test('only auditors and admins see access; others can’t tell whether a space exists', async () => {
  for (const cookie of [cookies.owner, cookies.stranger])
    for (const query of [
      `space=${space}`,
      'space=no-such-space',
      `person=${handle}`,
      'person=nobody-000000',
      'by=space',
    ]) {
      const page = await (await web.get(`/admin/access?${query}`, { cookie })).text()
      expect(page, query).toContain('Only auditors and platform admins can see this page')
      expect(page, query).not.toContain('no such space')
      expect(page, query).not.toContain('Created it')
      const by = query.startsWith('person') ? '&by=person' : query === 'by=space' ? '' : '&by=space'
      expect((await web.get(`${download}?${query}${by}`, { cookie })).status, query).toBe(403)
    }
  const page = await (await web.get(`/admin/access?space=${space}`, { cookie: cookies.auditor })).text()
  expect(page).toContain('Created it')
  expect(page).toContain('spaceport:admin')
})

test('an invalid URL shows a search, and gives no download', async () => {
  const cookie = cookies.auditor
  for (const query of [
    '?person=%00',
    '?person=%1b%5b31m',
    `?person=${'x'.repeat(200)}`,
    '?space=%E2%80%AE',
    `?space=${space}&cluster=%00`,
    `?space=${space}&cluster=nowhere`,
    `?space=${space}&after=x`,
    `?space=${space}&after=00000000-0000-4000-8000-000000000000~`,
    '?by=space&after=x&search=%25',
    '?by=neither',
  ])
    expect((await web.get(`/admin/access${query}`, { cookie })).status, query).toBe(200)
  for (const [query, field] of [
    ['', 'by'],
    ['?by=all', 'by'],
    ['?by=person&by=space', 'by'],
    [`?by=person&space=${space}`, 'space'],
    [`?by=space&person=${handle}`, 'person'],
    ['?by=space&cluster=default', 'cluster'],
    ['?by=person&person=%1b', 'person'],
    ['?by=person&limit=1', 'limit'],
  ] as const) {
    const answer = await web.get(download + query, { cookie })
    expect(answer.status, query).toBe(400)
    expect(Object.keys((await answer.json()).fields), query).toEqual([field])
  }
  for (const query of [
    '?by=space&space=no-such-space',
    `?by=space&space=${space}&cluster=nowhere`,
    '?by=person&person=nobody',
  ])
    expect((await web.get(download + query, { cookie })).status, query).toBe(404)
  const foreign = await web.get(`${download}?by=person`, { cookie, 'sec-fetch-site': 'cross-site' })
  expect(foreign.status).toBe(403)
  const file = await web.get(`${download}?by=space&space=${space}`, { cookie })
  expect(Object.fromEntries(file.headers)).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': expect.stringMatching(/^attachment; filename="spaceport-access-by-space-[\d-]{10}\.csv"$/),
    'cache-control': 'no-store',
  })
  expect(await file.text()).toContain(handle)
})
