import { afterAll, beforeAll, expect, test } from 'vitest'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { openWebFixture, type WebFixture } from '#dev/testing/fixtures/web-fixture.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'

const space = uniqueName('listed')
const path = '/api/admin/spaces/export'

let web: WebFixture
let cookies: Record<'owner' | 'auditor' | 'admin', string>

beforeAll(async () => {
  web = await openWebFixture()
  const { broker } = web
  const [owner, auditor, admin] = await Promise.all([
    broker.person('owner'),
    broker.person('auditor', { platformRole: 'auditor' }),
    broker.person('admin', { platformRole: 'admin' }),
  ])
  await createSpace(broker.as(owner), { name: space, description: '', size: 'S', endsAt: null })
  cookies = {
    owner: await web.signIn(owner),
    auditor: await web.signIn(auditor),
    admin: await web.signIn(admin),
  }
}, 300_000)
afterAll(() => web?.close())

test('only platform admins can download the list', async () => {
  for (const cookie of [cookies.owner, cookies.auditor])
    expect((await web.get(`${path}?search=${space}`, { cookie })).status).toBe(403)
  const file = await web.get(`${path}?search=${space}&size=S`, { cookie: cookies.admin })
  expect(file.status).toBe(200)
  expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(file.headers.get('content-disposition')).toMatch(
    /^attachment; filename="spaceport-spaces-\d{4}-\d\d-\d\d\.csv"$/,
  )
  expect(file.headers.get('cache-control')).toBe('no-store')
  expect((await file.text()).split('\r\n')[1]).toMatch(new RegExp(`^${space},`))
})

test('an invalid URL gives no download', async () => {
  for (const query of [
    'size=XXL',
    'ends=never',
    'page=2',
    'owner=a&owner=b',
    `group=${'x'.repeat(1_025)}`,
    'cluster=%00',
  ])
    expect((await web.get(`${path}?${query}`, { cookie: cookies.admin })).status, query).toBe(400)
})

test('the list ignores such invalid parameters', async () => {
  const page = await web.get(`/?search=${space}&size=XXL&ends=never&cluster=%00`, { cookie: cookies.admin })
  expect(page.status).toBe(200)
  expect(await page.text()).toContain(space)
})
