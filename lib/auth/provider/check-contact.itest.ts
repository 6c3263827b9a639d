import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openSignInFixture } from '#dev/testing/fixtures/sign-in-fixture.ts'
import { checkContact } from './check-contact.ts'

let fixture: Awaited<ReturnType<typeof openSignInFixture>>
beforeAll(async () => {
  fixture = await openSignInFixture()
})
afterAll(() => fixture?.close())
beforeEach(async () => {
  fixture.time.offsetMs = 0
  await fixture.owner.query('DELETE FROM identity_provider')
})

const ask = (issuer = fixture.issuer) => checkContact(fixture.services, issuer)
const failures = async (issuer = fixture.issuer) =>
  (await fixture.owner.query('SELECT failures FROM identity_provider WHERE issuer = $1', [issuer])).rows[0]?.failures
const aMinuteLater = () => {
  fixture.time.offsetMs += 60_000
}

test('failed checks are counted one by one, and one answer resets them', async () => {
  await fixture.withoutProvider(async () => {
    for (const count of [1, 2, 3]) {
      expect(await ask()).toBe(false)
      expect(await failures()).toBe(count)
      aMinuteLater()
    }
  })
  expect(await ask()).toBe(true)
  expect(await failures()).toBe(0)
})

test('of several processes, only one checks, once a minute', async () => {
  await fixture.withoutProvider(async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => ask()))
    expect(all.filter((one) => one === false)).toHaveLength(1)
    expect(await ask()).toBeNull()
    expect(await failures()).toBe(1)
  })
})

test('each provider’s failed checks are counted separately', async () => {
  await fixture.withoutProvider(async () => {
    expect(await ask()).toBe(false)
    expect(await ask('http://localhost:1')).toBe(false)
    aMinuteLater()
    expect(await ask('http://localhost:1')).toBe(false)
  })
  expect([await failures(), await failures('http://localhost:1')]).toEqual([1, 2])
  expect(await ask()).toBe(true)
  expect([await failures(), await failures('http://localhost:1')]).toEqual([0, 2])
})

test('a failing token endpoint counts as no answer, even if discovery works; a refusal counts as an answer', async () => {
  let status = 503
  const server: Server = createServer((request, response) => {
    const { port } = server.address() as { port: number }
    const own = `http://localhost:${port}`
    const document = {
      issuer: own,
      authorization_endpoint: `${own}/authorize`,
      token_endpoint: `${own}/token`,
      jwks_uri: `${own}/keys`,
    }
    if (request.url?.startsWith('/.well-known')) response.end(JSON.stringify(document))
    else response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  try {
    const { port } = server.address() as { port: number }
    expect(await ask(`http://localhost:${port}`)).toBe(false)
    status = 405
    aMinuteLater()
    expect(await ask(`http://localhost:${port}`)).toBe(true)
  } finally {
    server.close()
  }
})
