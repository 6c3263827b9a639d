import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, RequestListener } from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import tls from 'node:tls'
import { Agent } from 'undici'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { parse } from 'yaml'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { fastestOfThree } from '#dev/testing/fastest-of-three.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { startBreakableProxy } from '#dev/testing/network/breakable-proxy.ts'

type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>
type Gateway = Awaited<ReturnType<Fixture['start']>>

let fixture: Fixture
let owner: Awaited<ReturnType<Fixture['person']>>
let space: Awaited<ReturnType<Fixture['space']>>
const running: Gateway[] = []

async function start(changed?: Parameters<Fixture['start']>[0]): Promise<Gateway> {
  const gateway = await fixture.start(changed)
  running.push(gateway)
  return gateway
}

beforeAll(async () => {
  fixture = await openGatewayFixture()
  owner = await fixture.person('owner')
  space = await fixture.space(owner)
})
afterAll(async () => {
  await Promise.all(running.map((gateway) => gateway.stop()))
  await fixture.close()
})

type Answer = { status: number; body: string }

async function ask(port: number, token: string, path: string, body?: unknown): Promise<Answer> {
  const response = await open(port, token, path, body)
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return { status: response.statusCode ?? 0, body: text }
}

async function open(port: number, token: string, path: string, body?: unknown): Promise<IncomingMessage> {
  const request = https.request({
    host: '127.0.0.1',
    port,
    ca: fixture.ca,
    agent: false,
    method: body === undefined ? 'GET' : 'POST',
    path: `/clusters/default${path}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  })
  request.on('error', () => {})
  request.end(body === undefined ? undefined : JSON.stringify(body))
  const [response] = await once(request, 'response')
  return response
}

const pods = () => `/api/v1/namespaces/${space.namespace}/pods`
const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })

test('a revocation takes effect at once in every gateway, for the next request and for open watches', async () => {
  const [one, two] = [await start(), await start()]
  const revoke = async () => {
    const { id, token } = await fixture.credential(owner, { namespace: space.namespace })
    for (const { port } of [one, two]) expect((await ask(port, token, pods())).status).toBe(200)
    const watches = await Promise.all([one, two].map(({ port }) => open(port, token, `${pods()}?watch=true`)))
    const closed = watches.map((watch) => once(watch.resume(), 'close'))
    await fixture.sql('UPDATE credential SET revoked_at = now() WHERE id = $1', [id])
    const at = performance.now()
    await Promise.all(closed)
    const took = performance.now() - at
    for (const { port } of [one, two]) expect((await ask(port, token, pods())).status).toBe(401)
    return took
  }
  // Without a notification, the gateway finds out by polling every two seconds.
  expect(await fastestOfThree(500, revoke)).toBeLessThan(500)
})

test('with notifications lost, a revocation still takes effect within five seconds', async () => {
  const revoke = async () => {
    const credential = await fixture.credential(owner, { namespace: space.namespace })
    const watch = await open(fixture.port, credential.token, `${pods()}?watch=true`)
    const closed = once(watch.resume(), 'close')
    await fixture.sql(`
      BEGIN;
      ALTER TABLE credential DISABLE TRIGGER credential_notify_update;
      UPDATE credential SET revoked_at = now() WHERE id = '${credential.id}';
      ALTER TABLE credential ENABLE TRIGGER credential_notify_update;
      COMMIT;`)
    const at = performance.now()
    const isRefused = async () => expect((await ask(fixture.port, credential.token, pods())).status).toBe(401)
    await vi.waitFor(isRefused, { timeout: 30_000 })
    await closed
    return performance.now() - at
  }
  expect(await fastestOfThree(5_000, revoke)).toBeLessThan(5_000)
})

test('while Postgres is down nothing is changed, and afterwards everything recovers without help', async () => {
  const database = new URL((await ownDatabase()).databaseUrls.gateway)
  const proxy = await startBreakableProxy({ host: database.hostname, port: Number(database.port) })
  const gateway = await start({
    DATABASE_URL: Object.assign(new URL(database), { hostname: '127.0.0.1', port: String(proxy.port) }).href,
  })
  const credential = await fixture.credential(owner, { namespace: space.namespace })
  expect((await ask(gateway.port, credential.token, pods())).status).toBe(200)
  proxy.break()
  const refused = await ask(
    gateway.port,
    credential.token,
    `/api/v1/namespaces/${space.namespace}/configmaps`,
    configMap('while-away'),
  )
  expect(refused.status).toBe(503)
  expect(JSON.parse(refused.body)).toMatchObject({ kind: 'Status', status: 'Failure' })
  proxy.mend()
  await vi.waitFor(
    async () =>
      expect(
        (
          await ask(
            gateway.port,
            credential.token,
            `/api/v1/namespaces/${space.namespace}/configmaps`,
            configMap('after'),
          )
        ).status,
      ).toBe(201),
    { timeout: 30_000, interval: 200 },
  )
  const names = await fixture.asAdmin(['-n', space.namespace, 'get', 'configmaps', '-o', 'name'])
  expect(names.out).toContain('configmap/after')
  expect(names.out).not.toContain('while-away')
  await proxy.close()
})

test('the cache is emptied as soon as notifications are lost', async () => {
  const database = new URL((await ownDatabase()).databaseUrls.gateway)
  const proxy = await startBreakableProxy({ host: database.hostname, port: Number(database.port) })
  const credential = await fixture.credential(owner, { namespace: space.namespace })
  const gateway = await start({
    DATABASE_URL: Object.assign(new URL(database), { hostname: '127.0.0.1', port: String(proxy.port) }).href,
  })
  const read = async () => (await ask(gateway.port, credential.token, pods())).status
  // Ready means listening for notifications: until then nothing is cached for long.
  const isReady = async () => (await fetch(`http://127.0.0.1:${gateway.adminPort}/readyz`)).ok
  const refusedAfter = async () => {
    proxy.mend()
    await vi.waitFor(async () => expect(await isReady()).toBe(true), { timeout: 30_000, interval: 100 })
    expect(await read()).toBe(200)
    proxy.break()
    const at = performance.now()
    await vi.waitFor(async () => expect(await read()).toBe(503), { timeout: 30_000, interval: 50 })
    return performance.now() - at
  }
  // Sooner than cached access expires.
  expect(await fastestOfThree(2_500, refusedAfter)).toBeLessThan(2_500)
  await proxy.close()
})

function kubeconfigTo(name: string, server: string, insecureCa?: string): string {
  const config = parse(readFileSync(inject('kubeGateway'), 'utf8'))
  config.clusters[0].cluster = {
    server,
    ...(insecureCa
      ? { 'certificate-authority-data': Buffer.from(insecureCa).toString('base64') }
      : { 'certificate-authority-data': config.clusters[0].cluster['certificate-authority-data'] }),
  }
  const file = join(fixture.dir, `${name}.kubeconfig`)
  writeFileSync(file, JSON.stringify(config))
  return file
}

test('an API server that is down gives a Status with the reason, and the attempt is in the trail', async () => {
  const gateway = await start({ KUBECONFIG: kubeconfigTo('down', 'https://127.0.0.1:1') })
  const credential = await fixture.credential(owner, { namespace: space.namespace })
  const read = await ask(gateway.port, credential.token, pods())
  expect([502, 503, 504]).toContain(read.status)
  expect(JSON.parse(read.body)).toMatchObject({ kind: 'Status', status: 'Failure' })
  await ask(gateway.port, credential.token, `/api/v1/namespaces/${space.namespace}/configmaps`, configMap('never'))
  const rows = await fixture.sql(
    `SELECT e.action, o.outcome FROM audit_event e JOIN audit_event o ON o.intent_id = e.id WHERE e.detail ->> 'credential' = $1`,
    [credential.id],
  )
  expect(rows).toEqual([{ action: 'kubectl.create', outcome: 'failed' }])
})

async function startStandIn(answer: RequestListener): Promise<{ server: https.Server; url: string; stop(): void }> {
  const [cert, key] = ['crt', 'key'].map((kind) => readFileSync(join(fixture.dir, 'pki', `gateway.${kind}`), 'utf8'))
  const server = https.createServer({ cert, key }, answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    server,
    url: `https://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

test('a redirect from the API server is neither followed nor passed on', async () => {
  let asked = 0
  const elsewhere = await startStandIn((_request, response) => {
    asked++
    response.writeHead(302, { location: 'https://127.0.0.1:1/api/v1/secrets' }).end()
  })
  const gateway = await start({ KUBECONFIG: kubeconfigTo('redirect', elsewhere.url, fixture.ca) })
  const credential = await fixture.credential(owner, { namespace: space.namespace })
  const answer = await open(gateway.port, credential.token, pods())
  answer.resume()
  expect(answer.statusCode).toBe(502)
  expect(answer.headers.location).toBeUndefined()
  expect(asked).toBe(1)
  elsewhere.stop()
})

describe('one person leaves room for everyone else', () => {
  const bytes = (token: string, path: string, more = '') =>
    `GET /clusters/default${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n${more}\r\n`

  test.each([
    { what: 'requests', path: '/apis/storage.k8s.io/v1/storageclasses', most: 64 },
    { what: 'watches', path: '/apis/storage.k8s.io/v1/storageclasses?watch=1', most: 256 },
  ])('with $what that get no answer, on a few connections', { timeout: 120_000 }, async ({ path, most }) => {
    let waiting = 0
    const slow = await startStandIn((request, response) => {
      if (request.url === '/version') response.end('{}')
      else waiting++
    })
    const gateway = await start({ KUBECONFIG: kubeconfigTo('slow', slow.url, fixture.ca) })
    const greedy = await fixture.credential(owner)
    const sockets = Array.from({ length: (most + 200) / 8 }, () =>
      tls.connect({ host: '127.0.0.1', port: gateway.port, ca: fixture.ca }),
    )
    for (const socket of sockets) {
      socket.on('error', () => {})
      socket.write(bytes(greedy.token, path).repeat(8))
    }
    await vi.waitFor(() => expect(waiting).toBe(most), { timeout: 60_000, interval: 50 })
    const other = await fixture.credential(await fixture.person('other'))
    expect((await ask(gateway.port, other.token, '/version')).status).toBe(200)
    const refused = await ask(gateway.port, greedy.token, path)
    expect(refused.status).toBe(429)
    expect(JSON.parse(refused.body)).toMatchObject({ kind: 'Status', details: { retryAfterSeconds: 1 } })
    expect(waiting).toBe(most)
    for (const socket of sockets) socket.destroy()
    // Requests that the client abandoned do not count.
    await vi.waitFor(async () => expect((await ask(gateway.port, greedy.token, '/version')).status).toBe(200), 30_000)
    slow.stop()
  })

  test('with bodies that never end', { timeout: 120_000 }, async () => {
    const greedy = await fixture.credential(owner, { namespace: space.namespace })
    const path = `/api/v1/namespaces/${space.namespace}/configmaps`
    const begun = bytes(greedy.token, path, 'Content-Length: 3000000\r\n').replace('GET', 'POST')
    const sockets = Array.from({ length: 40 }, () =>
      tls.connect({ host: '127.0.0.1', port: fixture.port, ca: fixture.ca }),
    )
    let refused = 0
    for (const socket of sockets) {
      socket.on('error', () => {})
      socket.on('data', (chunk) => {
        if (String(chunk).includes('HTTP/1.1 429')) refused++
      })
      socket.write(begun + 'a'.repeat(2_900_000))
    }
    await vi.waitFor(() => expect(refused).toBeGreaterThanOrEqual(30), { timeout: 60_000, interval: 50 })
    const other = await fixture.person('other')
    await fixture.grant(space.id, other, 'editor')
    const patient = await fixture.credential(other)
    expect((await ask(fixture.port, patient.token, path, configMap('among-others'))).status).not.toBe(429)
    for (const socket of sockets) socket.destroy()
  })

  test('with bodies that the API server has yet to answer', { timeout: 120_000 }, async () => {
    let waiting = 0
    const slow = await startStandIn((request, response) => {
      if (request.url === '/version') response.end('{}')
      else request.resume().on('end', () => waiting++)
    })
    const gateway = await start({ KUBECONFIG: kubeconfigTo('reportRow', slow.url, fixture.ca) })
    const greedy = await fixture.credential(owner, { namespace: space.namespace })
    const path = `/api/v1/namespaces/${space.namespace}/configmaps`
    const body = 'a'.repeat(1_000_000)
    const answers = Array.from({ length: 40 }, () =>
      ask(gateway.port, greedy.token, path, body).then(
        ({ status }) => status,
        () => 'cut',
      ),
    )
    let busy = 0
    for (const answer of answers) void answer.then((status) => (busy += status === 429 ? 1 : 0))
    await vi.waitFor(() => expect(waiting + busy).toBe(40), { timeout: 60_000, interval: 50 })
    expect(busy).toBeGreaterThanOrEqual(40 - 26)
    slow.stop()
    await Promise.all(answers)
    expect((await ask(gateway.port, greedy.token, path, body)).status, 'room again').not.toBe(429)
  })
})

test('a read that waited for room while its credential expired does not reach the API server', async () => {
  let asked = 0
  const slow = await startStandIn(() => asked++)
  const hour = 3_600_000
  let ahead = 0
  const kubeconfig = kubeconfigTo('waiting', slow.url, fixture.ca)
  const gateway = await fixture.start({ KUBECONFIG: kubeconfig }, undefined, () => Date.now() + ahead)
  running.push(gateway)
  const lasting = await fixture.credential(owner, { lastsMs: 24 * hour })
  const ending = await fixture.credential(owner, { lastsMs: hour })
  const sockets = Array.from({ length: 64 }, () => {
    const socket = tls.connect({ host: '127.0.0.1', port: gateway.port, ca: fixture.ca })
    socket.on('error', () => {})
    socket.write(`GET /clusters/default/version HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${lasting.token}\r\n\r\n`)
    return socket
  })
  await vi.waitFor(() => expect(asked).toBe(64), { timeout: 30_000, interval: 50 })
  const waiting = ask(gateway.port, ending.token, '/version')
  await delay(300)
  ahead = 2 * hour
  sockets[0]?.destroy()
  // A request waits two seconds for room, then gets a 429. On a machine that stalls, room may come too late.
  expect([401, 429]).toContain((await waiting).status)
  expect(asked).toBe(64)
  ask(gateway.port, lasting.token, '/version').catch(() => undefined)
  await vi.waitFor(() => expect(asked).toBe(65), { timeout: 30_000, interval: 50 })
  for (const socket of sockets) socket.destroy()
  slow.stop()
})

test('an upgrade that the API server resets right after agreeing ends only that stream', async () => {
  const fickle = await startStandIn(() => {})
  const connections: Socket[] = []
  fickle.server.on('connection', (connection: Socket) => connections.push(connection))
  fickle.server.on('upgrade', (_request, socket) => {
    socket.on('error', () => {})
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', () =>
      connections.pop()?.resetAndDestroy(),
    )
  })
  const gateway = await start({ KUBECONFIG: kubeconfigTo('fickle', fickle.url, fixture.ca) })
  const credential = await fixture.credential(owner, { namespace: space.namespace })
  for (let round = 0; round < 5; round++) {
    const client = tls.connect({ host: '127.0.0.1', port: gateway.port, ca: fixture.ca })
    client.on('error', () => {})
    client.write(
      `GET /clusters/default${pods()}/p/exec?command=true HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${credential.token}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n`,
    )
    await once(client.resume(), 'close')
  }
  expect((await ask(gateway.port, 'none', '/version')).status).toBe(401)
  fickle.stop()
})

test('the outcome of a change is recorded even if its client leaves during the answer, and nothing leaks', async () => {
  const answered = Promise.withResolvers<void>()
  const verbose = await startStandIn((_request, response) => {
    response.writeHead(201, { 'content-type': 'application/json' })
    response.end(Buffer.alloc(16_000_000, ' '), () => answered.resolve())
  })
  const gateway = await start({ KUBECONFIG: kubeconfigTo('verbose', verbose.url, fixture.ca) })
  const credential = await fixture.credential(owner, { namespace: space.namespace })
  const socket = tls.connect({ host: '127.0.0.1', port: gateway.port, ca: fixture.ca })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  socket.write(
    `POST /clusters/default/api/v1/namespaces/${space.namespace}/configmaps HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${credential.token}\r\nContent-Length: 2\r\n\r\n{}`,
  )
  await once(socket, 'readable')
  socket.destroy()
  await answered.promise
  const outcomes = () =>
    fixture.sql(
      `SELECT o.outcome FROM audit_event e JOIN audit_event o ON o.intent_id = e.id WHERE e.detail ->> 'credential' = $1`,
      [credential.id],
    )
  await vi.waitFor(async () => expect(await outcomes()).toEqual([{ outcome: 'ok' }]), { timeout: 30_000, interval: 50 })
  verbose.stop()
})

test('repeated refusals do not flood the trail, which counts each of them', async () => {
  const gateway = await fixture.start()
  const credential = await fixture.credential(await fixture.person('insistent'))
  const pool = new Agent({ connect: { ca: fixture.ca }, connections: 8 })
  const asked = {
    origin: `https://127.0.0.1:${gateway.port}`,
    headers: { authorization: `Bearer ${credential.token}` },
  }
  const times = 650
  const answers = await Promise.all(
    Array.from({ length: times }, async (_, index) => {
      const path = `/clusters/default/api/v1/namespaces/kube-system/pods/p-${index}`
      const answer = await pool.request({ ...asked, method: 'GET', path })
      await answer.body.dump()
      return answer.statusCode
    }),
  )
  expect(new Set(answers)).toEqual(new Set([403]))
  await pool.close()
  await gateway.stop()
  const [told] = await fixture.sql(
    `SELECT count(*)::int AS rows, sum(1 + COALESCE((detail ->> 'repeated')::int - 1, 0))::int AS refusals
     FROM audit_event WHERE detail ->> 'credential' = $1`,
    [credential.id],
  )
  expect(told).toEqual({ rows: 601, refusals: times })
})

test('a stopping gateway ends its streams and answers no new requests', async () => {
  const gateway = await fixture.start()
  const credential = await fixture.credential(owner, { namespace: space.namespace })
  const watch = await open(gateway.port, credential.token, `${pods()}?watch=true`)
  const closed = once(watch.resume(), 'close')
  await gateway.stop()
  await closed
  await expect(ask(gateway.port, credential.token, pods())).rejects.toThrow(/ECONNREFUSED/)
})

test('a stopping gateway lets a slow client read the end of its answer, and waits no longer', {
  timeout: 60_000,
}, async () => {
  // Parsed as a whole because of its unusual start: the connection gets all of it at once.
  const list = JSON.stringify({ items: [], metadata: { resourceVersion: '1' }, filling: 'x'.repeat(30_000_000) })
  const large = await startStandIn((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(list)
  })
  const gateway = await fixture.start({ KUBECONFIG: kubeconfigTo('large', large.url, fixture.ca) })
  const credential = await fixture.credential(owner)
  const slow = tls.connect({ host: '127.0.0.1', port: gateway.port, ca: fixture.ca })
  slow.on('error', () => {})
  slow.write(
    `GET /clusters/default/api/v1/namespaces HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${credential.token}\r\n\r\n`,
  )
  let size = 0
  slow.on('data', (chunk: Buffer) => {
    size += chunk.length
  })
  await once(slow, 'data')
  slow.pause()
  const stopped = gateway.stop()
  await delay(300)
  const resumedAt = performance.now()
  await once(slow.resume(), 'close')
  await stopped
  expect(size).toBeGreaterThan(list.length)
  // At the latest, it stops after ten seconds.
  expect(performance.now() - resumedAt).toBeLessThan(9_000)
  large.stop()
})
