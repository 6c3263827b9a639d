import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWebFixture, type WebFixture } from '#dev/testing/fixtures/web-fixture.ts'

let web: WebFixture
let cookie: string

beforeAll(async () => {
  web = await openWebFixture()
  cookie = await web.signIn(await web.broker.person('reader'))
}, 900_000)
afterAll(() => web?.close())

test('a missing page is explained to a browser without scripts', async () => {
  const missing = await web.get('/spaces/nope', { cookie, 'accept-encoding': 'gzip' })
  expect(missing.status).toBe(404)
  expect(await missing.text()).toContain('<noscript><h1>Page not found</h1>')
})

test('a failing page shows the ID that is in the log', async () => {
  await web.broker.owner.query('ALTER TABLE credential RENAME TO moved')
  try {
    const failed = await web.get('/credentials', { cookie, 'accept-encoding': 'gzip' })
    expect(failed.status).toBe(500)
    const page = await failed.text()
    expect(page).toContain('<noscript><h1>This page couldn’t be loaded</h1>')
    expect(page).toContain(`this ID: ${failed.headers.get('x-request-id')}`)
  } finally {
    await web.broker.owner.query('ALTER TABLE moved RENAME TO credential')
  }
  const page = await (await web.get('/credentials', { cookie, 'accept-encoding': 'gzip' })).text()
  expect(page, 'a page with content has no more').not.toContain('couldn’t be loaded')
})
