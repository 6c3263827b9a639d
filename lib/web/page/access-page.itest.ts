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
    for (const [path, query] of [
      ['/admin/access', 'by=space'],
      [`/admin/access?space=${space}`, `by=space&space=${space}`],
      [`/spaces/${space}/access/report`, `by=space&space=${space}`],
      ['/spaces/no-such-space/access/report', 'by=space&space=no-such-space'],
      [`/admin/people/${handle}/access`, `by=person&person=${handle}`],
      ['/admin/people/nobody-000000/access', 'by=person&person=nobody-000000'],
      [`/admin/people/${handle}/activity`, 'by=person'],
    ] as const) {
      const answer = await web.get(path, { cookie })
      expect(answer.status, path).toBe(200)
      const page = await answer.text()
      expect(page, path).toContain('Only auditors and platform admins can see this page')
      expect(page, path).not.toContain('Created it')
      expect((await web.get(`${download}?${query}`, { cookie })).status, query).toBe(403)
    }
  const page = await (await web.get(`/spaces/${space}/access/report`, { cookie: cookies.auditor })).text()
  expect(page).toContain('Created it')
  expect(page).toContain('spaceport:admin')
})

test('earlier addresses lead to the person’s and the space’s access', async () => {
  const cookie = cookies.auditor
  for (const [path, to] of [
    [`/admin/access?person=${handle}`, `/admin/people/${handle}/access`],
    [`/admin/access?space=${space}`, `/spaces/${space}/access/report`],
    [`/admin/access?space=${space}&cluster=other`, `/spaces/${space}/access/report?cluster=other`],
    ['/admin/access?by=person', '/admin/people'],
    ['/admin/access?person=..%2F..%2Fcredentials', '/admin/people/..%2F..%2Fcredentials/access'],
    [`/audit/people/${handle}`, `/admin/people/${handle}/activity`],
  ] as const) {
    const answer = await web.get(path, { cookie })
    expect([307, 308], path).toContain(answer.status)
    expect(answer.headers.get('location'), path).toBe(to)
  }
})

test('an invalid URL shows the list, or nothing, and gives no download', async () => {
  const cookie = cookies.auditor
  for (const query of ['?person=%00', `?person=${'x'.repeat(200)}`, '?by=space&after=x&search=%25', '?by=neither'])
    expect((await web.get(`/admin/access${query}`, { cookie })).status, query).toBe(200)
  const report = `/spaces/${space}/access/report`
  for (const query of ['?cluster=%00', '?after=x', '?after=00000000-0000-4000-8000-000000000000~'])
    expect((await web.get(report + query, { cookie })).status, query).toBe(200)
  for (const path of [
    `${report}?cluster=nowhere`,
    `${report}?cluster=a&cluster=b`,
    '/spaces/%E2%80%AE/access/report',
    '/admin/people/%1b%5b31m/access',
    `/admin/people/${'x'.repeat(200)}/activity`,
  ])
    expect((await web.get(path, { cookie })).status, path).toBe(404)
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
