/** Steals the portal’s secrets and a session, and tests each sentence about them in identities.ts. */
import { decodeJwt } from 'jose'
import { decode, encode } from 'next-auth/jwt'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { openSignInFixture } from '#dev/testing/fixtures/sign-in-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { openHint } from '#lib/auth/provider/encrypted-hint.ts'
import { cookiesFor } from '#lib/auth/session/cookie-names.ts'
import { createCredential, createCredentialForAll } from '#lib/features/credentials/use-cases/create-credential.ts'
import { decideRequest } from '#lib/features/requests/use-cases/decide-request.ts'
import { readRequest } from '#lib/features/requests/use-cases/read-request.ts'
import { requestSpace } from '#lib/features/requests/use-cases/request-space.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import { assertOwnOrigin } from '#lib/web/request/assert-own-origin.ts'
import { stolenIdentities } from './identities.ts'

type SignIn = Awaited<ReturnType<typeof openSignInFixture>>
type Browser = ReturnType<SignIn['browser']>

let fixture: SignIn
let portal: BrokerFixture
beforeAll(async () => {
  ;[fixture, portal] = await Promise.all([openSignInFixture(), openBrokerFixture()])
})
afterEach(() => {
  fixture.time.offsetMs = 0
  fixture.setPeople([])
})
afterAll(() => Promise.all([fixture.close(), portal.close()]))

const hour = 3_600_000
const signOutUrl = () => `${fixture.origin}/api/auth/sign-out`

async function signedIn(person = 'alice'): Promise<Browser> {
  const browser = fixture.browser()
  expect(await browser.signIn(person)).toBe(`${fixture.origin}/`)
  return browser
}

/** @returns the thief's browser with the person's session cookie */
function thiefOf(victim: Browser): Browser {
  const browser = fixture.browser()
  browser.cookies.set('spaceport-session', victim.token() ?? '')
  return browser
}

async function whoIs(browser: Browser) {
  const actor = (await browser.session())?.actor
  if (!actor) throw new Error('no one is signed in')
  return actor
}

const storedSession = async (browser: Browser) => {
  const { rows } = await fixture.owner.query('SELECT s::text AS row, id_token FROM session s WHERE id = $1', [
    (await browser.session())?.id,
  ])
  return { row: String(rows[0].row), idToken: String(rows[0].id_token) }
}

describe(stolenIdentities.browserSession.name, () => {
  test('does everything the person can, including creating credentials, but can’t approve their requests', async () => {
    fixture.setPeople([{ username: 'ada', groups: ['platform-admins'] }])
    const actor = await whoIs(thiefOf(await signedIn('ada')))
    const name = uniqueName('stolen')
    await createSpace(portal.as(actor), { name, description: '', size: 'S', endsAt: null })
    const kubeconfig = await createCredential(portal.as(actor), { space: { name } })
    expect(kubeconfig.kubeconfig).toContain('spt_')
    await deleteSpace(portal.as(actor), { space: { name }, confirmation: name })

    const spaceRequest = {
      name: uniqueName('requested'),
      description: '',
      size: 'L' as const,
      endsAt: null,
      reason: 'mine',
    }
    const { id } = await requestSpace(portal.as(actor), spaceRequest)
    const { payloadHash } = await readRequest(portal.as(actor), { id })
    const approval = { id, payloadHash, decision: 'approve' as const, reason: '' }
    await expect(decideRequest(portal.as(actor), approval)).rejects.toMatchObject({ code: 'own_request' })
  })

  test('is useless to another site’s page', async () => {
    const stolen = thiefOf(await signedIn())
    const foreign = { origin: 'https://evil.example' }
    expect((await stolen.send(signOutUrl(), { form: {}, headers: foreign })).status).toBe(403)
    expect(await stolen.session()).not.toBeNull()
    expect(() => assertOwnOrigin(new Headers(foreign), fixture.origin)).toThrow(/foreign_origin/)
    expect(() => assertOwnOrigin(new Headers({ origin: fixture.origin }), fixture.origin)).not.toThrow()
  })

  test('is 256 bits in a cookie that no script reads, for this host only', async () => {
    const browser = fixture.browser()
    const answer = await browser.send(await browser.reachCallback('alice'))
    const cookie = answer.headers.getSetCookie().find((one) => one.startsWith('spaceport-session=')) ?? ''
    expect(cookie).toMatch(/^spaceport-session=[\w-]{43};/)
    for (const attribute of [/; httponly/i, /; samesite=lax/i, /; path=\/(;|$)/i]) expect(cookie).toMatch(attribute)
    expect(cookie).not.toMatch(/; domain=/i)
    const { sessionToken } = cookiesFor('https://spaceport.example.com')
    expect(sessionToken).toMatchObject({ name: '__Host-spaceport-session', options: { secure: true } })
  })

  test('can’t be read from the database', async () => {
    const browser = await signedIn()
    const { row, idToken } = await storedSession(browser)
    expect(row).not.toContain(browser.token())
    expect(row).not.toContain('alice')
    expect(() => decodeJwt(idToken)).toThrow()
    expect(await openHint(idToken, 'another secret of at least 32 characters')).toBeNull()
  })

  test('ends at sign-out, at another sign-in in the browser, and on deactivation', async () => {
    const first = await signedIn()
    const afterSignOut = thiefOf(first)
    await first.send(signOutUrl(), { form: {} })
    expect(await afterSignOut.session()).toBeNull()

    await first.signIn('alice')
    const afterSignIn = thiefOf(first)
    expect(await afterSignIn.session()).not.toBeNull()
    await first.signIn('alice')
    expect(await afterSignIn.session()).toBeNull()

    fixture.setPeople([{ username: 'departing' }])
    const departingUser = thiefOf(await signedIn('departing'))
    await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [
      (await whoIs(departingUser)).userId,
    ])
    expect(await departingUser.session()).toBeNull()
  })

  test('ends after an hour without use, and after eight hours in any case', async () => {
    const [idle, busy] = [thiefOf(await signedIn()), thiefOf(await signedIn())]
    for (let minutes = 50; minutes < 480; minutes += 50) {
      fixture.time.offsetMs = minutes * 60_000
      expect(await busy.session()).not.toBeNull()
    }
    expect(await idle.session()).toBeNull()
    fixture.time.offsetMs = 8 * hour + 1_000
    expect(await busy.session()).toBeNull()
  })
})

describe(stolenIdentities.sessionSecret.name, () => {
  const checks = () => {
    const { state, pkceCodeVerifier, nonce } = cookiesFor(fixture.origin)
    return [state.name, pkceCodeVerifier.name, nonce.name]
  }

  test('forges the cookies of a sign-in under way, in a browser that the thief controls', async () => {
    const { secret } = fixture.services.settings
    const begun = fixture.browser()
    const callback = await begun.reachCallback('alice')
    const forged = fixture.browser()
    for (const name of checks()) {
      const sealed = await decode({ token: begun.cookies.get(name) ?? '', secret, salt: name })
      const { value, provider } = sealed ?? {}
      forged.cookies.set(name, await encode({ token: { value, provider }, secret, salt: name }))
    }
    expect(forged.locationOf(await forged.send(callback))).toBe(`${fixture.origin}/`)
    expect((await forged.session())?.actor.name).toBe('Alice Example')
  })

  test('reads the ID tokens of sessions, with the database', async () => {
    const { idToken } = await storedSession(await signedIn())
    const opened = await openHint(idToken, fixture.services.settings.secret)
    expect(decodeJwt(opened ?? '')).toMatchObject({ email: 'alice@example.com', groups: ['team-blue'] })
  })

  test('forges no session', async () => {
    const { secret } = fixture.services.settings
    const victim = await whoIs(await signedIn())
    const claims = { sub: victim.userId, name: victim.name, email: victim.email }
    const { name } = cookiesFor(fixture.origin).sessionToken
    for (const salt of ['', name]) {
      const browser = fixture.browser()
      browser.cookies.set(name, await encode({ token: claims, secret, salt }))
      expect(await browser.session()).toBeNull()
    }
  })

  test('is worth nothing once it is replaced, and no session is lost', async () => {
    const { settings } = fixture.services
    const session = await signedIn()
    const { idToken } = await storedSession(session)
    const begun = fixture.browser()
    const callback = await begun.reachCallback('alice')
    fixture.services.settings = { ...settings, secret: 'a new secret of at least 32 characters' }
    try {
      expect(begun.locationOf(await begun.send(callback))).toContain('/sign-in?error=')
      expect(await begun.session()).toBeNull()
      expect(await session.session()).not.toBeNull()
      expect(await openHint(idToken, fixture.services.settings.secret)).toBeNull()
    } finally {
      fixture.services.settings = settings
    }
  })
})

describe(stolenIdentities.clientSecret.name, () => {
  async function askForTokens(secret: string, form: Record<string, string>) {
    const { token_endpoint } = await fixture.services.provider.metadata()
    const authorization = `Basic ${Buffer.from(`${fixture.client.id}:${secret}`).toString('base64')}`
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      redirect_uri: `${fixture.origin}/api/auth/callback/oidc`,
      ...form,
    })
    const answer = await fetch(token_endpoint, { method: 'POST', headers: { authorization }, body })
    return { status: answer.status, text: await answer.text() }
  }

  test('authenticates to the provider as this client; a different secret, as after rotation, does not', async () => {
    expect((await askForTokens(fixture.client.secret, { code: 'none' })).text).toContain('invalid_grant')
    expect((await askForTokens('replaced', { code: 'none' })).text).toContain('invalid_client')
  })

  test('can’t redirect codes elsewhere', async () => {
    const { authorization_endpoint } = await fixture.services.provider.metadata()
    const asked = new URL(authorization_endpoint)
    const given = {
      client_id: fixture.client.id,
      response_type: 'code',
      scope: 'openid',
      code_challenge: 'x'.repeat(43),
    }
    const query = { ...given, code_challenge_method: 'S256', redirect_uri: 'https://evil.example/' }
    for (const [name, value] of Object.entries(query)) asked.searchParams.set(name, value)
    const answer = await fetch(asked, { redirect: 'manual' })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('location')).toBeNull()
  })

  test('can’t exchange a person’s code for tokens, or for a session in another browser', async () => {
    const victim = fixture.browser()
    const callback = await victim.reachCallback('alice')
    const thief = fixture.browser()
    expect(thief.locationOf(await thief.send(callback))).toContain('/sign-in?error=')
    expect(await thief.session()).toBeNull()
    const code = new URL(callback).searchParams.get('code') ?? ''
    for (const verifier of [{}, { code_verifier: 'x'.repeat(43) }])
      expect(await askForTokens(fixture.client.secret, { code, ...verifier })).toMatchObject({ status: 400 })
  })
})

describe(stolenIdentities.identityProvider.name, () => {
  test('can be anyone and make admins; after its recovery, SQL ends sessions and credentials', async () => {
    fixture.setPeople([{ username: 'owner' }])
    const victim = await whoIs(await signedIn('owner'))
    expect(victim.platformRole).toBe('member')
    const { rows } = await fixture.owner.query('SELECT subject FROM user_account WHERE id = $1', [victim.userId])
    fixture.setPeople([{ username: 'mallory', sub: rows[0].subject, groups: ['platform-admins'] }])
    const thief = await signedIn('mallory')
    const actor = await whoIs(thief)
    expect(actor).toMatchObject({ userId: victim.userId, platformRole: 'admin' })
    const name = uniqueName('stolen')
    await createSpace(portal.as(actor), { name, description: '', size: 'S', endsAt: null })
    await createCredentialForAll(portal.as(actor), {})
    await deleteSpace(portal.as(actor), { space: { name }, confirmation: name })

    await fixture.owner.query('DELETE FROM session')
    await fixture.owner.query('UPDATE credential SET revoked_at = now() WHERE revoked_at IS NULL')
    expect(await thief.session()).toBeNull()
    const left = await fixture.owner.query('SELECT FROM credential WHERE revoked_at IS NULL')
    expect(left.rowCount).toBe(0)
  })
})
