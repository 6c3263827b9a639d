import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openSignInFixture } from '#dev/testing/fixtures/sign-in-fixture.ts'
import { recheckSession } from '#lib/auth/session/recheck-session.ts'

const origin = { observer: 'web/test' as const, requestId: 'test' }
const alg = 'RS256'

let fixture: Awaited<ReturnType<typeof openSignInFixture>>
let provider: Awaited<ReturnType<typeof startSigningProvider>>
beforeAll(async () => {
  fixture = await openSignInFixture()
  provider = await startSigningProvider()
  const metadata = await fixture.services.provider.metadata()
  const { userinfo_endpoint: _, ...rest } = metadata
  const [jwks_uri, token_endpoint] = [`${provider.url}/keys`, `${provider.url}/token`]
  fixture.services.provider = { metadata: async () => ({ ...rest, jwks_uri, token_endpoint }) }
})
afterEach(() => {
  fixture.time.offsetMs = 0
})
afterAll(async () => {
  provider.close()
  await fixture.close()
})

/** A token endpoint that answers every request with an ID token with the caller’s claims. */
async function startSigningProvider() {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg, use: 'sig' }] }
  const next: { claims: Record<string, unknown> } = { claims: {} }
  const sign = (claims: Record<string, unknown>, typ = 'JWT') =>
    new SignJWT(claims)
      .setProtectedHeader({ alg, kid: 'k', typ })
      .setIssuedAt()
      .setExpirationTime('2m')
      .sign(privateKey)
  const server = createServer(async (request, response) => {
    response.setHeader('content-type', 'application/json')
    const tokens = { access_token: 'access', token_type: 'Bearer', refresh_token: 'refresh', expires_in: 300 }
    const body = request.url === '/keys' ? jwks : { ...tokens, id_token: await sign(next.claims) }
    response.end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, next, sign, close: () => server.close() }
}

const about = (sub: string, groups: readonly string[]) => ({
  ...{ iss: fixture.issuer, aud: fixture.client.id, sub, name: sub, email: `${sub}@example.com`, groups },
})

/** @returns where the browser ends up when the provider answers with an ID token with these claims */
async function signIn(browser: ReturnType<typeof fixture.browser>, claims: Record<string, unknown>): Promise<string> {
  const page = await browser.send(`${fixture.origin}/api/auth/signin/oidc`, { form: { callbackUrl: '/' } })
  const asked = new URL(await browser.goesOnTo(page)).searchParams
  provider.next.claims = { ...claims, nonce: asked.get('nonce') }
  const answer = new URLSearchParams({ code: 'code', state: asked.get('state') ?? '', iss: fixture.issuer })
  return browser.locationOf(await browser.send(`${fixture.origin}/api/auth/callback/oidc?${answer}`))
}

const foreign = (ours: string): Record<string, Record<string, unknown>> => ({
  'issued to another client, for this one': { azp: 'another' },
  'issued to another client, for a list with only this one': { aud: [ours], azp: 'another' },
  'issued to another client, for both': { aud: [ours, 'another'], azp: 'another' },
  'for several clients without an authorized party': { aud: [ours, 'another'] },
  'issued to an empty client id': { azp: '' },
  'issued to a list': { azp: [ours] },
  'issued to null': { azp: null },
})

test('an ID token issued to another client signs no one in', async () => {
  const ours = fixture.client.id
  for (const [what, changed] of Object.entries(foreign(ours))) {
    const browser = fixture.browser()
    const landed = await signIn(browser, { ...about('ada', []), ...changed })
    expect([what, landed]).toEqual([what, expect.stringContaining('/sign-in?error=provider_refused')])
    expect([what, await browser.session()]).toEqual([what, null])
  }
  for (const changed of [{}, { azp: ours }, { aud: [ours] }, { aud: [ours, 'another'], azp: ours }]) {
    const browser = fixture.browser()
    expect(await signIn(browser, { ...about('ada', []), ...changed })).toBe(`${fixture.origin}/`)
    expect(await browser.session()).not.toBeNull()
  }
})

test('a refreshed ID token issued to another client changes nothing', async () => {
  const minute = 60_000
  for (const [what, changed] of Object.entries(foreign(fixture.client.id))) {
    fixture.time.offsetMs = 0
    const browser = fixture.browser()
    await signIn(browser, about('bea', ['team-blue']))
    const session = await browser.session()
    const recheckAfter = (minutes: number) => {
      fixture.time.offsetMs = minutes * minute
      return recheckSession(fixture.services, origin, { id: session?.id ?? '', issuer: fixture.issuer })
    }
    provider.next.claims = { ...about('bea', ['platform-admins']), ...changed }
    expect([what, await recheckAfter(11)]).toEqual([what, 'unknown'])
    expect((await browser.session())?.actor.groups).toEqual(['team-blue'])
    provider.next.claims = about('bea', ['team-red'])
    expect([what, await recheckAfter(13)], 'it was due').toEqual([what, 'changed'])
  }
})

test('a logout token issued to another client ends no session', async () => {
  const browser = fixture.browser()
  await signIn(browser, about('cid', []))
  const send = async (changed: Record<string, unknown>) => {
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
    const { iss, aud, sub } = about('cid', [])
    const token = await provider.sign({ iss, aud, sub, jti: randomUUID(), events, ...changed }, 'logout+jwt')
    const form = new URLSearchParams({ logout_token: token })
    return (await fetch(`${fixture.origin}/api/auth/backchannel-logout`, { method: 'POST', body: form })).status
  }
  expect(await send({ azp: 'another' })).toBe(400)
  expect(await browser.session()).not.toBeNull()
  expect(await send({ azp: fixture.client.id })).toBe(200)
  expect(await browser.session()).toBeNull()
})
