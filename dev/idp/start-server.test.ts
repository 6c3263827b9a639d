import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { PersonEntry } from './people.ts'
import { startServer } from './start-server.ts'

const client = { id: 'spaceport', secret: 'a-secret-for-tests-only', origin: 'http://portal.test:3000' }
const redirectUri = `${client.origin}/api/auth/callback/oidc`
const dir = mkdtempSync(join(tmpdir(), 'spaceport-idp-'))
const peopleFile = join(dir, 'people.json')
let issuer = ''
let stop: () => Promise<void> = () => Promise.resolve()

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

beforeAll(async () => {
  const port = await freePort()
  issuer = `http://127.0.0.1:${port}`
  ;({ stop } = await startServer({ dir, port, issuer, client, peopleFile, log: () => {} }))
})
afterAll(async () => {
  await stop()
  rmSync(dir, { recursive: true, force: true })
})

/** The part of a browser that the flow needs: cookies, and redirects followed by hand. */
function createBrowser() {
  const cookies = new Map<string, string>()
  return async (url: string, form?: Record<string, string>) => {
    const response = await fetch(new URL(url, issuer), {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form !== undefined && { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return { status: response.status, location: response.headers.get('location') ?? '', body: await response.text() }
  }
}

const authorizeUrl = (verifier: string | undefined) => {
  const challenge = verifier && createHash('sha256').update(verifier).digest('base64url')
  return `/auth?${new URLSearchParams({
    client_id: client.id,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid profile email groups',
    state: 'state',
    ...(challenge !== undefined && { code_challenge: challenge, code_challenge_method: 'S256' }),
  })}`
}

async function signIn(username: string, password = username) {
  const browser = createBrowser()
  const verifier = randomBytes(32).toString('base64url')
  const begun = await browser(authorizeUrl(verifier))
  expect((await browser(begun.location)).body).toContain('<label for="username">Username</label>')
  const answered = await browser(begun.location, { username, password })
  if (answered.status !== 303) return { browser, answered, tokens: undefined }
  const code = new URL((await browser(answered.location)).location).searchParams.get('code') ?? ''
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    }),
  })
  const tokens = z.object({ id_token: z.string(), access_token: z.string() }).parse(await response.json())
  return { browser, answered, tokens }
}

async function verifiedClaims(idToken: string) {
  const keys = z
    .object({ keys: z.array(z.looseObject({ kty: z.string() })) })
    .parse(await (await fetch(`${issuer}/jwks`)).json())
  return (await jwtVerify(idToken, createLocalJWKSet(keys), { issuer, audience: client.id })).payload
}

const writePeople = (people: PersonEntry[]) => writeFileSync(peopleFile, JSON.stringify(people))

test('a correct password gives tokens with name, email and groups, and userinfo agrees', async () => {
  const { tokens } = await signIn('alice')
  const claims = await verifiedClaims(tokens?.id_token ?? '')
  const expected = {
    name: 'Alice Example',
    preferred_username: 'alice',
    email: 'alice@example.com',
    groups: ['team-blue'],
  }
  expect(claims).toMatchObject(expected)
  const userinfo = await fetch(`${issuer}/me`, { headers: { authorization: `Bearer ${tokens?.access_token}` } })
  expect(await userinfo.json()).toMatchObject({ ...expected, sub: claims.sub })
})

test('a wrong password gives an explanation and no code', async () => {
  const { answered } = await signIn('bob', 'alice')
  expect(answered.status).toBe(401)
  expect(answered.body).toContain('role="alert"')
  expect(answered.body).toContain('username or password is wrong')
})

test('a request without PKCE is refused', async () => {
  const { location } = await createBrowser()(authorizeUrl(undefined))
  expect(new URL(location).searchParams.get('error')).toBe('invalid_request')
})

test('people of the file can sign in at once, with the groups that the file has at that moment', async () => {
  writePeople([{ username: 'frank', groups: ['team-red'] }])
  expect(await verifiedClaims((await signIn('frank')).tokens?.id_token ?? '')).toMatchObject({ groups: ['team-red'] })
  writePeople([{ username: 'frank', groups: null }])
  expect(await verifiedClaims((await signIn('frank')).tokens?.id_token ?? '')).not.toHaveProperty('groups')
})

test('the discovery document offers groups, sign-out, the device flow and back-channel logout', async () => {
  const discovery = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()
  expect(discovery).toMatchObject({
    scopes_supported: expect.arrayContaining(['groups']),
    end_session_endpoint: `${issuer}/session/end`,
    device_authorization_endpoint: `${issuer}/device/auth`,
    backchannel_logout_supported: true,
    code_challenge_methods_supported: ['S256'],
  })
})

test('signing out with the id_token needs no confirmation and goes back to the portal', async () => {
  const { browser, tokens } = await signIn('carol')
  const query = new URLSearchParams({
    id_token_hint: tokens?.id_token ?? '',
    post_logout_redirect_uri: `${client.origin}/sign-in`,
  })
  const page = await browser(`/session/end?${query}`)
  expect(page.body).toContain('requestSubmit')
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
  const done = await browser('/session/end/confirm', { xsrf, logout: 'yes' })
  expect(done.location).toBe(`${client.origin}/sign-in`)
  expect((await browser(authorizeUrl('v'.repeat(43)))).location).toMatch(/^\/interaction\//)
})

test('signing out without an id_token asks first', async () => {
  const { browser } = await signIn('dave')
  expect((await browser('/session/end')).body).not.toContain('requestSubmit')
})

test('the device flow begins without a secret and shows its own page', async () => {
  const response = await fetch(`${issuer}/device/auth`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'spaceport-cli', scope: 'openid groups' }),
  })
  const { verification_uri } = z.object({ verification_uri: z.string() }).parse(await response.json())
  expect((await createBrowser()(verification_uri)).body).toContain('Enter the code that the device shows.')
})

test('only their owner can read the keys', () => {
  expect(statSync(join(dir, 'secrets.json')).mode & 0o777).toBe(0o600)
})
