import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { buildWeb } from '#dev/build/build-web.ts'
import { readKubeconfigContext } from '#dev/cluster/read-kubeconfig-context.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import { renderEnvironment } from '#dev/stack/environment.ts'
import { type Service, startService } from '#dev/stack/service.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/broker-fixture.ts'
import { startCountingProxy } from '#dev/testing/counting-proxy.ts'
import { ownDatabase } from '#dev/testing/own-database.ts'
import { uniqueName } from '#dev/testing/unique-name.ts'
import { pageRoutes } from '#e2e/fixtures/routes.ts'
import { hashSessionToken } from '#lib/auth/session-rules.ts'
import { requestSize } from '#lib/broker/requests/request-size.ts'
import { createSpace } from '#lib/broker/spaces/create-space.ts'
import type { Actor } from '#lib/domain/person.ts'

/**
 * Statements and round trips of each page: the session with the count of waiting requests, then what the page itself
 * reads, side by side where one doesn't need the other. As [statements, round trips].
 */
const bounds: Readonly<Record<string, [number, number]>> = {
  '/': [5, 2],
  '/audit': [2, 2],
  '/credentials': [4, 3],
  '/profile': [3, 2],
  '/requests': [4, 2],
  '/requests/[id]': [3, 3],
  '/requests/decided': [2, 2],
  '/requests/new': [1, 1],
  '/sign-in': [1, 1],
  '/spaces/[name]': [4, 4],
  '/spaces/[name]/access': [7, 3],
  '/spaces/[name]/activity': [4, 4],
  '/spaces/[name]/connect': [2, 2],
  '/spaces/[name]/settings': [3, 3],
  '/spaces/new': [2, 2],
}

const dir = mkdtempSync(join(tmpdir(), 'spaceport-round-trips-'))
const space = uniqueName('counted')
let fixture: BrokerFixture
let proxy: Awaited<ReturnType<typeof startCountingProxy>>
let web: Service
let url: string
let owner: Actor
let admin: Actor
let request: string

beforeAll(async () => {
  await buildWeb()
  const database = await ownDatabase()
  fixture = await openBrokerFixture(database)
  ;[owner, admin] = await Promise.all([fixture.person('owner'), fixture.person('admin', { platformRole: 'admin' })])
  await createSpace(fixture.as(owner), { name: space, description: '', size: 'S', endsAt: null })
  request = (await requestSize(fixture.as(owner), { space: { name: space }, size: 'L', reason: 'it grew' })).id

  const direct = new URL(database.databaseUrls.web)
  proxy = await startCountingProxy({ host: direct.hostname, port: Number(direct.port) })
  const counted = Object.assign(new URL(direct), { port: String(proxy.port) }).href
  const ports = await freePorts('web', 'gateway', 'gatewayAdmin', 'worker')
  url = `http://localhost:${ports.web}`
  const { context } = await readKubeconfigContext(inject('kubeBroker'), undefined)
  const { web: env } = renderEnvironment({
    webUrl: url,
    gatewayUrl: 'https://localhost:9',
    ports,
    databaseUrls: { ...database.databaseUrls, web: counted },
    brokerKubeconfig: inject('kubeBroker'),
    gatewayKubeconfig: inject('kubeGateway'),
    context,
    // The people of the fixture come from there.
    identity: { issuer: 'https://issuer.test', clientId: 'spaceport', clientSecret: 'secret' },
    nextAuthSecret: randomBytes(32).toString('base64url'),
    tls: { caFile: '', certFile: '', keyFile: '' },
    production: true,
    surroundings: process.env,
    settings: {},
  })
  web = await startService({
    name: 'web',
    command: launcher,
    args: ['web'],
    env,
    cwd: projectRoot,
    logFile: join(dir, 'web.log'),
    readyUrl: `${url}/api/healthz`,
    onCrash: () => {},
  })
}, 300_000)
afterAll(async () => {
  await web?.stop()
  await proxy?.close()
  await fixture?.close()
  rmSync(dir, { recursive: true, force: true })
})

async function openSession(person: Actor): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await fixture.owner.query(
    `INSERT INTO session (id, token_hash, user_id, expires_at) VALUES (gen_random_uuid(), $1, $2, now() + interval '1 hour')`,
    [hashSessionToken(token), person.userId],
  )
  return token
}

/** @returns what loading a page asked of Postgres, once its connections are open */
async function traffic(path: string, token: string) {
  const load = async () => {
    const answer = await fetch(url + path, { headers: { cookie: `spaceport-session=${token}` }, redirect: 'manual' })
    expect(answer.status, path).toBe(200)
    await answer.text()
  }
  await load()
  proxy.take()
  await load()
  return proxy.take()
}

test('no page asks more of Postgres than it must, and none through Prisma', async () => {
  expect(Object.keys(bounds)).toEqual([...pageRoutes])
  const tokens = { member: await openSession(owner), admin: await openSession(admin) }
  for (const route of pageRoutes) {
    const path = route.replace('[name]', space).replace('[id]', request)
    const readers = route === '/sign-in' ? { nobody: randomBytes(32).toString('base64url') } : tokens
    for (const [who, token] of Object.entries(readers)) {
      const { statements, roundTrips } = await traffic(path, token)
      const { 'spaceport-web': own = 0, ...others } = statements
      const [most, mostTrips] = bounds[route] ?? [0, 0]
      expect.soft(others, `${path}, as ${who}`).toEqual({})
      expect.soft(own, `statements of ${path}, as ${who}`).toBeLessThanOrEqual(most)
      expect.soft(roundTrips, `round trips of ${path}, as ${who}`).toBeLessThanOrEqual(mostTrips)
    }
  }
})
