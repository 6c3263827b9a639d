import { readFileSync } from 'node:fs'
import https from 'node:https'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { fastestOfThree } from '#dev/testing/fastest-of-three.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { startSpanReceiver } from '#dev/testing/network/span-receiver.ts'
import { createLogger } from '#lib/observability/logger.ts'

let fixture: Awaited<ReturnType<typeof openGatewayFixture>>
let collector: Awaited<ReturnType<typeof startSpanReceiver>>
let gateway: Awaited<ReturnType<typeof fixture.start>>
let credential: Awaited<ReturnType<typeof fixture.credential>>
let namespace: string

beforeAll(async () => {
  ;[fixture, collector] = await Promise.all([openGatewayFixture(), startSpanReceiver()])
  gateway = await fixture.start(
    { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_HEADERS: { 'x-key': 'of the collector' } },
    createLogger('gateway', 'fatal'),
  )
  const owner = await fixture.person('traced')
  namespace = (await fixture.space(owner)).namespace
  credential = await fixture.credential(owner, { namespace })
})
afterAll(async () => {
  await gateway?.stop()
  await fixture?.close()
  collector?.stop()
})

const forged = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

const ask = (method: string, path: string, body?: unknown) =>
  new Promise<{ status: number; id: string }>((resolve, reject) => {
    const request = https.request(
      {
        ...{ host: '127.0.0.1', port: gateway.port, ca: fixture.ca, method, path: `/clusters/default${path}` },
        headers: {
          authorization: `Bearer ${credential.token}`,
          'content-type': 'application/json',
          traceparent: forged,
        },
      },
      (response) => {
        response.resume()
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, id: String(response.headers['audit-id']) }),
        )
      },
    )
    request.on('error', reject)
    request.end(body === undefined ? undefined : JSON.stringify(body))
  })

test('a request is one trace with its statements and the API server, without personal data or the client’s trace', async () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a-name' }, stringData: { a: 'very-secret' } }
  expect((await ask('POST', `/api/v1/namespaces/${namespace}/secrets`, secret)).status).toBe(201)
  expect((await ask('GET', `/api/v1/namespaces/${namespace}/made%2Dup`)).status).toBe(403)
  expect((await ask('GET', '/api/v1/namespaces/kube-system/pods')).status).toBe(403)

  const root = await vi.waitFor(() => {
    const found = collector.spans().find(({ name }) => name === 'create secrets')
    expect(found).toBeDefined()
    expect(collector.spans().map(({ name }) => name)).toEqual(expect.arrayContaining(['list pods', 'list other']))
    return found
  }, 20_000)
  expect(root).toMatchObject({ service: 'spaceport-gateway', parentSpanId: undefined })
  expect(root?.traceId).not.toBe('0af7651916cd43dd8448eb211c80319c')
  expect(root?.attributes).toEqual({
    'http.response.status_code': 201,
    'spaceport.cluster': 'default',
    'spaceport.request_id': expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
  const parts = collector.spans().filter(({ parentSpanId }) => parentSpanId === root?.spanId)
  const toCluster = parts.find(({ name }) => name === 'to the API server')
  expect(toCluster?.attributes).toEqual({ 'http.request.method': 'POST', 'spaceport.cluster': 'default' })
  expect(parts.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^[A-Z]+ /))

  // The API server gets the trace under the request's own ID.
  const id = String(root?.attributes['spaceport.request_id'])
  await vi.waitFor(() => expect(readFileSync(inject('auditLog'), 'utf8')).toContain(id), 10_000)
  expect(collector.headers()[0]).toMatchObject({ 'x-key': 'of the collector', 'content-type': 'application/json' })
  for (const personal of ['very-secret', 'a-name', namespace, credential.token, 'traced', 'kube-system'])
    expect(collector.text()).not.toContain(personal)
})

test('an unavailable collector delays nothing and loses only spans', async () => {
  collector.stop()
  const slowestOfFive = async () => {
    let slowest = 0
    for (let round = 0; round < 5; round++) {
      const began = performance.now()
      expect((await ask('GET', `/api/v1/namespaces/${namespace}/pods`)).status).toBe(200)
      slowest = Math.max(slowest, performance.now() - began)
    }
    return slowest
  }
  expect(await fastestOfThree(2_000, slowestOfFive)).toBeLessThan(2_000)
})
