import { once } from 'node:events'
import https from 'node:https'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'

let fixture: Awaited<ReturnType<typeof openGatewayFixture>>
beforeAll(async () => {
  fixture = await openGatewayFixture()
})
afterAll(() => fixture.close())

async function askPublicly(path: string, method = 'GET') {
  const request = https.request({ host: '127.0.0.1', port: fixture.port, ca: fixture.ca, path, method, agent: false })
  request.on('error', () => {})
  request.end()
  const [response] = await once(request, 'response')
  let body = ''
  for await (const chunk of response) body += String(chunk)
  return { status: Number(response.statusCode), body }
}

test('the public port reveals only that the gateway is alive', async () => {
  expect(await askPublicly('/healthz')).toEqual({ status: 200, body: 'ok\n' })
  for (const path of ['/readyz', '/metrics', '/healthz?verbose', '/healthz/', '//metrics', '/', '/metrics?x']) {
    const { status, body } = await askPublicly(path)
    expect({ path, status: Math.floor(status / 100) }).toEqual({ path, status: 4 })
    expect(JSON.parse(body)).toMatchObject({ kind: 'Status', status: 'Failure' })
    expect(body).not.toMatch(/spaceport_|notifications|cluster\/default/)
  }
})

test('readiness and metrics have their own address, which serves no cluster', async () => {
  // It starts listening for notifications shortly after it can answer.
  await vi.waitFor(
    async () => {
      const ready = await fetch(`${fixture.adminUrl}/readyz`)
      expect({ code: ready.status, ...(await ready.json()) }).toEqual({
        code: 200,
        status: 'ok',
        parts: { database: 'ok', notifications: 'ok', 'cluster/default': 'ok' },
      })
    },
    { timeout: 30_000, interval: 100 },
  )
  expect(await (await fetch(`${fixture.adminUrl}/metrics`)).text()).toMatch(/^spaceport_gateway_open_streams 0$/m)
  expect(await (await fetch(`${fixture.adminUrl}/healthz`)).text()).toBe('ok\n')

  const { token } = await fixture.credential(await fixture.person('inside'))
  const headers = { Authorization: `Bearer ${token}` }
  for (const path of ['/clusters/default/version', '/clusters/default/api/v1/namespaces', '/'])
    expect((await fetch(fixture.adminUrl + path, { headers })).status).toBe(404)
  expect((await fetch(`${fixture.adminUrl}/readyz`, { method: 'POST', body: 'x' })).status).toBe(405)
})

test('without an address there is no admin server', async () => {
  const gateway = await fixture.start({ GATEWAY_ADMIN_LISTEN: '' })
  expect(gateway.adminPort).toBeUndefined()
  await gateway.stop()
})
