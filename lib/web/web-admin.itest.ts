import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openWebFixture, type WebFixture } from '#dev/testing/fixtures/web-fixture.ts'

/** Web's public endpoints, and those for operators on WEB_ADMIN_LISTEN. */
let web: WebFixture
beforeAll(async () => {
  web = await openWebFixture()
  // The first connection to Postgres may take longer than a readiness check waits.
  await vi.waitFor(async () => expect((await ask('/readyz')).status).toBe(200), { timeout: 30_000 })
}, 600_000)
afterAll(() => web.close())

const ask = (path: string, init?: RequestInit) => fetch(web.adminUrl + path, init)

async function statusAndBody(asked: Promise<Response>): Promise<[number, unknown]> {
  const response = await asked
  return [response.status, await response.json()]
}

test('strangers learn only whether the portal is ready, not its parts or load', async () => {
  // A part that takes more than three seconds counts as away, as on a machine that stalls.
  await expect.poll(() => statusAndBody(web.get('/api/readyz'))).toEqual([200, { status: 'ok' }])
  expect(await (await web.get('/api/healthz')).json()).toEqual({ status: 'ok' })
  for (const path of ['/api/metrics', '/metrics', '/readyz', '/healthz']) {
    const answer = await web.get(path)
    expect([path, answer.status]).toEqual([path, expect.toSatisfy((status) => status === 404 || status === 307)])
    expect(await answer.text()).not.toMatch(/spaceport_|process_cpu|"parts"/)
  }
})

test('operators get each part and the metrics, at the same paths as in all three processes', async () => {
  for (const prefix of ['', '/api']) {
    expect((await ask(`${prefix}/healthz`)).status).toBe(200)
    await expect
      .poll(() => statusAndBody(ask(`${prefix}/readyz`)))
      .toMatchObject([200, { status: 'ok', parts: { database: 'ok' } }])
    const metrics = await ask(`${prefix}/metrics`)
    expect(metrics.headers.get('content-type')).toContain('text/plain')
    expect(await metrics.text()).toContain('spaceport_')
  }
})

test('the listener for operators serves no page, and accepts no body or other method', async () => {
  expect((await ask('/')).status).toBe(404)
  expect((await ask('/sign-in')).status).toBe(404)
  expect((await ask('/api/readyz', { method: 'POST', body: 'x' })).status).toBe(405)
})

test('a hundred readiness checks take far fewer queries to Postgres', async () => {
  web.takeTraffic()
  const statuses = await Promise.all(Array.from({ length: 100 }, async () => (await ask('/readyz')).status))
  for (const status of statuses) expect([200, 503]).toContain(status)
  const asked = Object.values(web.takeTraffic().statements).reduce((sum, count) => sum + count, 0)
  expect(asked).toBeLessThan(50)
})
