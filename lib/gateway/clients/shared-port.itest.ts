import { once } from 'node:events'
import https from 'node:https'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { freePorts } from '#dev/ports/free-ports.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import { type Service, startService } from '#dev/stack/service.ts'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { fastestOfThree } from '#dev/testing/fastest-of-three.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'

type Process = { service: Service; adminUrl: string }

const crashes: string[] = []
let fixture: Awaited<ReturnType<typeof openGatewayFixture>>
let owner: Awaited<ReturnType<typeof fixture.person>>
let space: Awaited<ReturnType<typeof fixture.space>>
let port: number
let processes: [Process, Process]

beforeAll(async () => {
  fixture = await openGatewayFixture()
  owner = await fixture.person('owner')
  space = await fixture.space(owner)
  const ports = await freePorts('gateway', 'first', 'second')
  port = ports.gateway
  processes = await Promise.all([startProcess('first', ports.first), startProcess('second', ports.second)])
})
afterAll(async () => {
  await Promise.all((processes ?? []).map(({ service }) => service.stop()))
  await fixture?.close()
  expect(crashes).toEqual([])
})

async function startProcess(name: string, adminPort: number): Promise<Process> {
  const { databaseUrls } = await ownDatabase()
  const { certFile, keyFile } = await fixture.certificate(name)
  const adminUrl = `http://127.0.0.1:${adminPort}`
  const service = await startService({
    name: `the ${name} gateway`,
    command: launcher,
    args: ['gateway'],
    env: {
      PATH: process.env.PATH ?? '',
      DATABASE_URL: databaseUrls.gateway,
      KUBECONFIG: inject('kubeGateway'),
      SPACEPORT_URL: 'https://portal.example.com',
      GATEWAY_LISTEN: `127.0.0.1:${port}`,
      GATEWAY_SHARES_PORT: 'yes',
      GATEWAY_ADMIN_LISTEN: `127.0.0.1:${adminPort}`,
      GATEWAY_TLS_CERT: certFile,
      GATEWAY_TLS_KEY: keyFile,
      LOG_LEVEL: 'warn',
    },
    cwd: projectRoot,
    logFile: join(fixture.dir, `${name}.log`),
    readyUrl: `${adminUrl}/readyz`,
    onCrash: (reason) => crashes.push(reason),
  })
  return { service, adminUrl }
}

async function metricOf({ adminUrl }: Process, name: string): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text()
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))]
  return values.reduce((sum, [, value]) => sum + Number(value), 0)
}

type TestRequest = { method?: string; path: string; token: string; agent?: https.Agent | false }
const open = ({ method = 'GET', path, token, agent = false }: TestRequest) =>
  https
    .request({
      ...{ host: '127.0.0.1', port, ca: fixture.ca, agent, method },
      path: `/clusters/default${path}`,
      headers: { authorization: `Bearer ${token}` },
    })
    .on('error', () => {})

/**
 * Sends a request. Retries if its connection closed before the request was sent, as client-go does: an idle connection,
 * or one still being set up.
 * @returns the status of the complete answer, and whether the connection stays open
 */
async function send(asked: TestRequest): Promise<{ status: number; connection: string }> {
  const request = open(asked)
  let secure = false
  request.once('socket', (socket) => {
    if (socket.connecting) socket.once('secureConnect', () => (secure = true))
  })
  try {
    const [response] = await once(request.end(), 'response')
    for await (const _chunk of response);
    return { status: response.statusCode, connection: response.headers.connection }
  } catch (error) {
    if (request.reusedSocket || !secure) return await send(asked)
    throw error
  }
}

const pods = () => `/api/v1/namespaces/${space.namespace}/pods`

test('both processes serve the port', async () => {
  const { token } = await fixture.credential(owner)
  const answers = await Promise.all(Array.from({ length: 40 }, () => send({ path: pods(), token })))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  for (const one of processes) expect(await metricOf(one, 'spaceport_gateway_requests_total')).toBeGreaterThan(0)
})

test('a revocation reaches both: watches are cut, and the next requests are refused', async () => {
  const revoke = async () => {
    const { id, token } = await fixture.credential(owner)
    const cut: Promise<unknown>[] = []
    for (const one of processes)
      while ((await metricOf(one, 'spaceport_gateway_open_streams')) === 0) {
        const [response] = await once(open({ path: `${pods()}?watch=true`, token }).end(), 'response')
        expect(response.statusCode).toBe(200)
        cut.push(once(response.resume(), 'close'))
      }
    await fixture.sql('UPDATE credential SET revoked_at = now() WHERE id = $1', [id])
    const revokedAt = performance.now()
    await Promise.all(cut)
    const took = performance.now() - revokedAt
    const answers = await Promise.all(Array.from({ length: 20 }, () => send({ path: pods(), token })))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
    return took
  }
  // Without a notification, the gateway finds out by polling every two seconds.
  expect(await fastestOfThree(500, revoke)).toBeLessThan(500)
})

test('a process that stops loses no request: it finishes the running ones, and the other serves new ones', {
  timeout: 60_000,
}, async () => {
  const { token } = await fixture.credential(owner)
  const [stopping, staying] = processes
  const agents: https.Agent[] = []
  const keepingAlive = () => {
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 })
    agents.push(agent)
    return agent
  }
  const held = await fixture.holdTrail()
  const changes: ReturnType<typeof send>[] = []
  for (const one of processes)
    while ((await metricOf(one, 'spaceport_gateway_trail_queue')) < 1)
      for (let more = 0; more < 4; more++)
        changes.push(send({ method: 'DELETE', path: `${pods()}/none`, token, agent: keepingAlive() }))

  let over = false
  const statuses: number[] = []
  const clients = [keepingAlive(), keepingAlive(), keepingAlive(), false as const].map(async (agent) => {
    while (!over) statuses.push((await send({ path: pods(), token, agent })).status)
  })
  const more = (count: number) => {
    const before = statuses.length
    return vi.waitFor(() => expect(statuses.length).toBeGreaterThan(before + count), { timeout: 20_000 })
  }
  await more(50)
  const stopped = stopping.service.kill('SIGTERM')
  const readiness = async () => (await fetch(`${stopping.adminUrl}/readyz`)).json()
  await expect.poll(readiness, { interval: 20 }).toMatchObject({ parts: { process: 'stopping' } })
  await more(50)
  await held.release()
  const answers = await Promise.all(changes)
  await stopped
  await more(50)
  over = true
  await Promise.all(clients)
  for (const agent of agents) agent.destroy()
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]))
  // Only the stopping process makes its clients switch connections.
  expect(new Set(answers.map(({ connection }) => connection))).toEqual(new Set(['close', 'keep-alive']))
  expect(staying.service.isRunning()).toBe(true)
})
