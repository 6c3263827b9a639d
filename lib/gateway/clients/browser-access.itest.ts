import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import https from 'node:https'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fastestOfThree } from '#dev/testing/fastest-of-three.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { makeToken } from '#lib/kernel/credentials/token.ts'

type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>

let fixture: Fixture
let owner: Awaited<ReturnType<Fixture['person']>>
let namespace: string

beforeAll(async () => {
  fixture = await openGatewayFixture()
  owner = await fixture.person('owner')
  namespace = (await fixture.space(owner)).namespace
})
afterAll(() => fixture?.close())

async function openSession() {
  const [session, credential] = [randomUUID(), randomUUID()]
  const { token, hash } = makeToken(randomBytes)
  await fixture.sql(
    `INSERT INTO session (id, token_hash, user_id, expires_at) VALUES ($1, $2, $3, now() + interval '1 hour')`,
    [session, randomBytes(32), owner.userId],
  )
  await fixture.sql(
    `INSERT INTO credential (id, user_id, session_id, token_hash, ends_at) VALUES ($1, $2, $3, $4, now() + interval '1 hour')`,
    [credential, owner.userId, session, hash],
  )
  return { session, token }
}

async function ask(token: string, path: string, more: Record<string, string> = {}, body = '') {
  const request = https.request({
    ...{ host: '127.0.0.1', port: fixture.port, ca: fixture.ca, agent: false },
    method: body === '' ? 'GET' : 'POST',
    path: `/clusters/default${path}`,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(body !== '' && { 'content-type': 'application/json', 'content-length': body.length }),
      ...more,
    },
  })
  request.on('error', () => {})
  request.end(body)
  const [response] = await once(request, 'response')
  return response
}

const configMaps = () => `/api/v1/namespaces/${namespace}/configmaps`

/**
 * Creates an object.
 * @returns its row in the trail
 */
async function rowOfChange(token: string, headers: Record<string, string>) {
  const name = uniqueName('made')
  const object = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })
  const response = await ask(token, configMaps(), headers, object)
  expect(response.statusCode, await text(response)).toBe(201)
  const [row] = await fixture.sql(
    `SELECT source_address AS source, detail ->> 'browser' AS browser FROM audit_event WHERE target_name = $1 AND intent_id IS NULL`,
    [name],
  )
  return row
}

test('the trail names the browser and its address; only the portal may forward an address', async () => {
  const [{ token }, kubeconfig] = [await openSession(), await fixture.credential(owner)]
  const forwarded = { 'x-forwarded-for': '192.0.2.44' }
  expect(await rowOfChange(token, forwarded)).toEqual({ source: '192.0.2.44', browser: 'true' })
  expect(await rowOfChange(kubeconfig.token, forwarded)).toEqual({ source: '127.0.0.1', browser: null })
})

test.each(['', 'localhost', '192.0.2.1, 192.0.2.2', '192.0.2.1\tx', '999.1.1.1'])(
  'an invalid address is not recorded: %j',
  async (address) => {
    const { token } = await openSession()
    expect(await rowOfChange(token, { 'x-forwarded-for': address })).toMatchObject({ source: '127.0.0.1' })
  },
)

test.each([
  ['is deleted', 'DELETE FROM session WHERE id = $1'],
  ['expires early', 'UPDATE session SET expires_at = created_at WHERE id = $1'],
])(
  'when its session %s, open streams are cut within a second and the next request is refused',
  async (_, statement) => {
    const end = async () => {
      const { session, token } = await openSession()
      const watch = await ask(token, `/api/v1/namespaces/${namespace}/pods?watch=true`)
      expect(watch.statusCode).toBe(200)
      const closed = once(watch.resume(), 'close')
      const began = performance.now()
      await fixture.sql(statement, [session])
      await closed
      const took = performance.now() - began
      expect((await ask(token, configMaps())).statusCode).toBe(401)
      return took
    }
    // Without a notification, the gateway finds out by polling every two seconds.
    expect(await fastestOfThree(500, end)).toBeLessThan(500)
  },
)

test('another session of the same person continues', async () => {
  const [one, other] = [await openSession(), await openSession()]
  await fixture.sql('DELETE FROM session WHERE id = $1', [one.session])
  const response = await ask(other.token, configMaps())
  expect(response.statusCode, await text(response)).toBe(200)
})
