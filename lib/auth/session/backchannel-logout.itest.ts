import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSignInFixture } from '#dev/testing/fixtures/sign-in-fixture.ts'
import { deleteProviderSessions } from '#lib/auth/db/ended-sessions.ts'

const event = 'http://schemas.openid.net/event/backchannel-logout'

let fixture: Awaited<ReturnType<typeof openSignInFixture>>
beforeAll(async () => {
  fixture = await openSignInFixture()
})
afterAll(() => fixture.close())

test('signing out at the provider ends the session here, and the trail records it', async () => {
  const browser = fixture.browser()
  await browser.signIn('alice')
  const token = browser.token()
  const userId = (await browser.session())?.actor.userId
  const out = await browser.goesOnTo(await browser.send(`${fixture.origin}/api/auth/sign-out`, { form: {} }))
  // Restores the session, as if only the provider's had ended.
  const again = fixture.browser()
  for (const [name, value] of browser.cookies) again.cookies.set(name, value)
  await again.signIn('alice')
  expect(again.token()).not.toBe(token)
  expect(await again.session()).not.toBeNull()
  await again.signOutAtProvider(out)
  await expect.poll(() => again.session()).toBeNull()
  const { rows } = await fixture.owner.query(
    `SELECT outcome::text FROM audit_event WHERE actor_id = $1 AND action = 'session.backchannel-logout'`,
    [userId],
  )
  expect(rows).toEqual([{ outcome: 'ok' }])
})

test('only a recent logout token from the provider for this client ends sessions, and only once', async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const stranger = await generateKeyPair('RS256')
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256', use: 'sig' }] })
  const keys = createServer((_request, response) => response.end(jwks)).listen(0, '127.0.0.1')
  await once(keys, 'listening')
  const address = keys.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const issued = await fixture.services.provider.metadata()
  try {
    const browser = fixture.browser()
    await browser.signIn('bob')
    // From here on, the portal accepts the test's key as the provider's.
    fixture.services.provider = { metadata: async () => ({ ...issued, jwks_uri: `http://127.0.0.1:${port}/` }) }
    const { rows } = await fixture.owner.query(`SELECT u.subject FROM user_account u WHERE u.id = $1`, [
      (await browser.session())?.actor.userId,
    ])
    const good = () => ({
      iss: fixture.issuer,
      aud: fixture.client.id,
      sub: rows[0].subject,
      iat: Math.floor(Date.now() / 1000),
      exp: Math.floor(Date.now() / 1000) + 120,
      jti: randomUUID(),
      events: { [event]: {} },
    })
    const sign = (claims: Record<string, unknown>, key = privateKey, typ = 'logout+jwt') =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k', typ }).sign(key)
    const post = async (token: string) =>
      (
        await fetch(`${fixture.origin}/api/auth/backchannel-logout`, {
          method: 'POST',
          body: new URLSearchParams({ logout_token: token }),
        })
      ).status

    const bad: Record<string, Promise<string>> = {
      'of a stranger': sign(good(), stranger.privateKey),
      'of another issuer': sign({ ...good(), iss: 'https://evil.example' }),
      'for another client': sign({ ...good(), aud: 'another' }),
      'that is an id_token': sign({ ...good(), nonce: 'n' }),
      'without the event': sign({ ...good(), events: {} }),
      'about nobody': sign({ ...good(), sub: undefined }),
      'that is old': sign({ ...good(), iat: Math.floor(Date.now() / 1000) - 3_600 }),
      'without an expiry': sign({ ...good(), exp: undefined }),
      'that has expired': sign({ ...good(), exp: Math.floor(Date.now() / 1000) - 600 }),
      'of another type': sign(good(), privateKey, 'at+jwt'),
      'without signature': Promise.resolve(
        `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(good())).toString('base64url')}.`,
      ),
    }
    for (const [what, token] of Object.entries(bad)) expect([what, await post(await token)]).toEqual([what, 400])
    expect(await browser.session()).not.toBeNull()
    const token = await sign(good())
    const { db } = fixture.services
    fixture.services.db = { $queryRaw: () => Promise.reject(new Error('no database')) } as unknown as typeof db
    expect(await post(token)).toBe(500)
    fixture.services.db = db
    expect(await browser.session()).not.toBeNull()
    expect(await post(token), 'tried again').toBe(200)
    expect(await browser.session()).toBeNull()
    expect(await post(token)).toBe(400)

    const refused: number[] = []
    for (let i = 0; i < 40; i++) refused.push(await post(await sign(good(), stranger.privateKey)))
    expect(refused.at(-1)).toBe(429)
    expect(await post(await sign(good())), 'the provider, from the same address').toBe(200)
  } finally {
    fixture.services.provider = { metadata: async () => issued }
    keys.close()
  }
})

test('a logout by session id ends that session and those without an id; a logout by subject ends all sessions and credentials', async () => {
  const { db } = fixture.services
  const issuer = fixture.issuer
  const [mine, other] = [fixture.browser(), fixture.browser()]
  fixture.setPeople([{ username: 'lea' }, { username: 'lou' }])
  await mine.signIn('lea')
  await other.signIn('lou')
  const { rows } = await fixture.owner.query(`SELECT id, subject FROM user_account WHERE issuer = $1 AND email = $2`, [
    issuer,
    'lea@example.com',
  ])
  const { id: userId, subject: sub } = rows[0]
  const left = async () =>
    (await fixture.owner.query('SELECT provider_sid AS sid FROM session WHERE user_id = $1 ORDER BY 1', [userId])).rows
  const add = (sid: string | null) =>
    fixture.owner.query(
      `INSERT INTO session (id, token_hash, user_id, expires_at, provider_sid)
       VALUES (gen_random_uuid(), sha256(gen_random_uuid()::text::bytea), $1, now() + interval '1 hour', $2)`,
      [userId, sid],
    )
  await fixture.owner.query('DELETE FROM session WHERE user_id = $1', [userId])
  for (const sid of ['a', 'b', null]) await add(sid)
  await fixture.owner.query(
    `INSERT INTO credential (id, user_id, token_hash, ends_at)
     VALUES (gen_random_uuid(), $1, sha256(gen_random_uuid()::text::bytea), now() + interval '1 hour')`,
    [userId],
  )
  const valid = async () =>
    Number(
      (await fixture.owner.query('SELECT count(*) FROM credential WHERE user_id = $1 AND revoked_at IS NULL', [userId]))
        .rows[0].count,
    )
  expect(await deleteProviderSessions(db, { issuer, sid: 'nobody’s' }, new Date())).toEqual([])
  expect(await deleteProviderSessions(db, { issuer: 'https://other.example', sub }, new Date())).toEqual([])
  expect(await deleteProviderSessions(db, { issuer, sid: 'a' }, new Date())).toMatchObject([{ sessions: 2 }])
  expect([await left(), await valid()]).toEqual([[{ sid: 'b' }], 1])
  await add(null)
  expect(await deleteProviderSessions(db, { issuer, sid: 'x', sub }, new Date())).toMatchObject([{ sessions: 1 }])
  expect([await left(), await valid()]).toEqual([[{ sid: 'b' }], 1])
  expect(await deleteProviderSessions(db, { issuer, sub }, null)).toMatchObject([{ sessions: 1, credentials: [] }])
  expect([await left(), await valid()]).toEqual([[], 1])
  const [ended] = await deleteProviderSessions(db, { issuer, sub }, new Date())
  expect(ended).toMatchObject({ id: userId, sessions: 0, credentials: [expect.any(String)] })
  expect(await valid()).toBe(0)
  expect(await other.session()).not.toBeNull()
})

test('a logout token signed with a new key works at once, and lookups of unknown keys are limited', async () => {
  const pairs = { k1: await generateKeyPair('ES256'), k2: await generateKeyPair('ES256') }
  const shown: (keyof typeof pairs)[] = ['k1']
  let asked = 0
  const keys = createServer(async (_request, response) => {
    asked += 1
    const jwks = shown.map(async (kid) => ({
      ...(await exportJWK(pairs[kid].publicKey)),
      kid,
      alg: 'ES256',
      use: 'sig',
    }))
    response.end(JSON.stringify({ keys: await Promise.all(jwks) }))
  }).listen(0, '127.0.0.1')
  await once(keys, 'listening')
  const address = keys.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const { provider } = fixture.services
  const issued = await provider.metadata()
  fixture.services.provider = {
    metadata: async () => ({
      ...issued,
      jwks_uri: `http://127.0.0.1:${port}/`,
      id_token_signing_alg_values_supported: ['ES256'],
    }),
  }
  const post = async (kid: string, key: CryptoKey) => {
    const now = Math.floor(Date.now() / 1000)
    const claims = { sub: 'nobody', iat: now, exp: now + 120, jti: randomUUID(), events: { [event]: {} } }
    const token = await new SignJWT({ iss: fixture.issuer, aud: fixture.client.id, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid, typ: 'logout+jwt' })
      .sign(key)
    const body = new URLSearchParams({ logout_token: token })
    return (await fetch(`${fixture.origin}/api/auth/backchannel-logout`, { method: 'POST', body })).status
  }
  try {
    expect(await post('k1', pairs.k1.privateKey)).toBe(200)
    shown.push('k2')
    expect(await post('k2', pairs.k2.privateKey)).toBe(200)
    const [before, begun] = [asked, performance.now()]
    const forged = Array.from({ length: 10 }, (_, i) => post(`unknown-${i}`, pairs.k1.privateKey))
    for (const status of await Promise.all(forged)) expect([400, 429]).toContain(status)
    expect(asked - before).toBeLessThanOrEqual(2 + Math.ceil((performance.now() - begun) / 1_000))
  } finally {
    fixture.services.provider = provider
    keys.close()
  }
})

test('too many unsolicited answers are refused unchecked, and never block a real sign-in', async () => {
  const browser = fixture.browser()
  const statuses: string[] = []
  for (let i = 0; i < 40; i++) {
    const response = await browser.send(`${fixture.origin}/api/auth/callback/oidc?error=access_denied`)
    statuses.push(`${response.status}`)
  }
  expect(statuses.slice(0, 15).every((status) => status === '303')).toBe(true)
  expect(statuses.at(-1)).toBe('429')
  const foreign = { form: {}, headers: { origin: 'https://evil.example' } }
  const begun: number[] = []
  for (let i = 0; i < 40; i++)
    begun.push((await browser.send(`${fixture.origin}/api/auth/signin/oidc`, foreign)).status)
  expect([begun[0], begun.at(-1)]).toEqual([403, 429])
  expect(await browser.signIn('alice')).toBe(`${fixture.origin}/`)
})

test('people can sign in from the same address as an attacker, and the trail is not flooded', async () => {
  const [hostile, innocent] = [fixture.browser(), fixture.browser()]
  const rows = async () =>
    Number(
      (await fixture.owner.query(`SELECT count(*) FROM audit_event WHERE action = 'session.sign-in'`)).rows[0].count,
    )
  const before = await rows()
  const forged = fixture.browser()
  for (let i = 0; i < 80; i++) {
    await hostile.send(`${fixture.origin}/api/auth/signin/oidc`, { form: {} })
    const answer = await hostile.send(`${fixture.origin}/api/auth/callback/oidc?error=access_denied`)
    expect(answer.status).toBe(303)
    forged.cookies.set('spaceport-state', 'forged')
    await forged.send(`${fixture.origin}/api/auth/callback/oidc?code=x&state=forged`)
  }
  expect((await rows()) - before).toBeLessThan(80)
  expect(await innocent.signIn('alice')).toBe(`${fixture.origin}/`)
})

test('sign-ins are limited per person', async () => {
  fixture.setPeople([{ username: 'rob' }])
  const subject = 'somebody'
  const results: boolean[] = []
  for (let i = 0; i < 61; i++) results.push(await fixture.services.limits.admit(fixture.issuer, subject))
  expect([results[0], results.at(-2), results.at(-1)]).toEqual([true, true, false])
  expect(await fixture.browser().signIn('rob')).toBe(`${fixture.origin}/`)
})
