import { randomUUID } from 'node:crypto'
import { importJWK, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { subjectOf } from '#dev/idp/people.ts'
import { openSignInFixture } from '#dev/testing/fixtures/sign-in-fixture.ts'
import { recheckSession } from '#lib/auth/session/recheck-session.ts'

const origin = { observer: 'web/test' as const, requestId: 'test' }

let fixture: Awaited<ReturnType<typeof openSignInFixture>>
let partner: ReturnType<typeof fixture.further>
beforeAll(async () => {
  fixture = await openSignInFixture({ further: { id: 'partner', auditorGroups: ['platform-admins'] } })
  partner = fixture.further()
})
afterEach(() => {
  fixture.time.offsetMs = 0
  fixture.setPeople([])
  partner.setPeople([])
})
afterAll(() => fixture.close())

async function signedIn(username: string, provider = 'oidc') {
  const browser = fixture.browser()
  expect(await browser.signIn(username, '/', provider)).toBe(`${fixture.origin}/`)
  const session = await browser.session()
  if (!session) throw new Error(`${username} could not sign in`)
  return { browser, session, actor: session.actor }
}

/** Both providers use the same subject, name and address for their people, as a malicious one would. */
test('the same subject and address at two providers are two people, each with separate groups', async () => {
  const [ours, theirs] = [await signedIn('alice'), await signedIn('alice', 'partner')]
  const { rows } = await fixture.owner.query('SELECT issuer, subject, email FROM user_account WHERE id = ANY($1)', [
    [ours.actor.userId, theirs.actor.userId],
  ])
  const [subject, email] = [subjectOf('alice'), 'alice@example.com']
  expect(rows).toHaveLength(2)
  for (const issuer of [fixture.issuer, partner.issuer]) expect(rows).toContainEqual({ issuer, subject, email })
  expect(theirs.actor.handle).not.toBe(ours.actor.handle)
})

test('a provider’s groups give platform roles only by its own configuration', async () => {
  expect((await signedIn('carol')).actor.platformRole).toBe('admin')
  expect((await signedIn('carol', 'partner')).actor.platformRole).toBe('auditor')
  expect((await signedIn('dave', 'partner')).actor.platformRole).toBe('member')
})

test('one provider’s answer is refused at the callback of another, even with its code and state', async () => {
  for (const [asked, elsewhere] of [
    ['partner', 'oidc'],
    ['oidc', 'partner'],
  ] as const) {
    const browser = fixture.browser()
    const callback = new URL(await browser.reachCallback('alice', '/', asked))
    expect(callback.pathname).toBe(`/api/auth/callback/${asked}`)
    callback.pathname = `/api/auth/callback/${elsewhere}`
    expect(browser.locationOf(await browser.send(callback.href))).toContain('/sign-in?error=sign_in_expired')
    expect(await browser.session()).toBeNull()
  }
})

test('an answer that names another provider is refused at every callback', async () => {
  const browser = fixture.browser()
  const callback = new URL(await browser.reachCallback('alice', '/', 'partner'))
  expect(callback.searchParams.get('iss')).toBe(partner.issuer)
  callback.searchParams.set('iss', fixture.issuer)
  expect(browser.locationOf(await browser.send(callback.href))).toContain('/sign-in?error=wrong_issuer')
  expect(await browser.session()).toBeNull()
  const { rows } = await fixture.owner.query(
    `SELECT detail FROM audit_event WHERE action = 'session.sign-in' AND reason = 'wrong_issuer'`,
  )
  expect(rows).toEqual([{ detail: { provider: 'partner' } }])
})

test('a session is checked only at its own provider, which can’t vouch for people of another', async () => {
  fixture.setPeople([{ username: 'mia', groups: ['team-blue'] }])
  partner.setPeople([{ username: 'mia', groups: ['team-red'] }])
  const [ours, theirs] = [await signedIn('mia'), await signedIn('mia', 'partner')]
  partner.setPeople([{ username: 'mia', groups: ['team-red', 'team-green'] }])
  fixture.time.offsetMs = 11 * 60_000
  expect(await recheckSession(fixture.services, origin, ours.session)).toBe('confirmed')
  expect(await recheckSession(fixture.services, origin, theirs.session)).toBe('changed')
  expect((await ours.browser.session())?.actor.groups).toEqual(['team-blue'])
  expect((await theirs.browser.session())?.actor.groups).toEqual(['team-green', 'team-red'])
})

test('the sessions of a provider that is no longer configured are not checked elsewhere', async () => {
  const { browser, session } = await signedIn('carol', 'partner')
  const { further } = fixture.services
  fixture.services.further = []
  try {
    fixture.time.offsetMs = 11 * 60_000
    expect(await recheckSession(fixture.services, origin, session)).toBe('unknown')
    const out = await browser.send(`${fixture.origin}/api/auth/sign-out`, { form: {} })
    expect(browser.locationOf(out)).toBe(`${fixture.origin}/sign-in?state=here`)
    expect((await browser.send(`${fixture.origin}/api/auth/signin/partner`, { form: {} })).status).toBe(200)
    expect(browser.cookies.has('spaceport-state')).toBe(false)
  } finally {
    fixture.services.further = further
  }
})

test('signing out and signing in again lead to the person’s own provider', async () => {
  const { browser } = await signedIn('bob', 'partner')
  const again = await browser.goesOnTo(await browser.send(`${fixture.origin}/api/auth/signin/again`, { form: {} }))
  expect(new URL(again).origin).toBe(partner.issuer)
  const out = await browser.goesOnTo(await browser.send(`${fixture.origin}/api/auth/sign-out`, { form: {} }))
  expect(new URL(out).origin).toBe(partner.issuer)
  expect(new URL(out).searchParams.has('id_token_hint')).toBe(true)
  // Without a session: the main provider.
  const anew = await browser.goesOnTo(await browser.send(`${fixture.origin}/api/auth/signin/again`, { form: {} }))
  expect(new URL(anew).origin).toBe(fixture.issuer)
})

test('a logout at a provider ends only the sessions of its own people', async () => {
  const [ours, theirs] = [await signedIn('erin'), await signedIn('erin', 'partner')]
  await theirs.browser.signOutAtProvider(`${partner.issuer}/session/end`)
  await expect.poll(() => theirs.browser.session(), { timeout: 10_000 }).toBeNull()
  expect(await ours.browser.session()).not.toBeNull()
})

test('a provider cannot log out another’s people: its keys verify only its own tokens', async () => {
  const [ours, theirs] = [await signedIn('bob'), await signedIn('bob', 'partner')]
  const jwk = partner.key()
  const key = await importJWK(jwk, jwk.alg)
  const send = async (iss: string, aud: string) => {
    const claims = { sub: subjectOf('bob'), events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }
    const token = new SignJWT(claims).setProtectedHeader({ alg: jwk.alg, kid: jwk.kid, typ: 'logout+jwt' })
    const named = token.setIssuer(iss).setAudience(aud).setJti(randomUUID()).setIssuedAt().setExpirationTime('2m')
    const body = new URLSearchParams({ logout_token: await named.sign(key) })
    return (await fetch(`${fixture.origin}/api/auth/backchannel-logout`, { method: 'POST', body })).status
  }
  expect(await send(fixture.issuer, fixture.client.id)).toBe(400)
  expect(await send(fixture.issuer, partner.clientId)).toBe(400)
  expect(await send(partner.issuer, fixture.client.id)).toBe(400)
  expect(await send('https://nowhere.test', partner.clientId)).toBe(400)
  expect(await theirs.browser.session()).not.toBeNull()
  expect(await send(partner.issuer, partner.clientId)).toBe(200)
  expect(await theirs.browser.session()).toBeNull()
  expect(await ours.browser.session()).not.toBeNull()
})

test('people can sign in at one provider while another is down', async () => {
  await fixture.withoutProvider(async () => {
    await signedIn('alice', 'partner')
  })
})

test('encrypted text of a session can’t be decrypted for another session, at any provider', async () => {
  const [ours, theirs] = [await signedIn('alice'), await signedIn('alice', 'partner')]
  const swap = `UPDATE session SET provider_tokens = (SELECT provider_tokens FROM session WHERE id = $1) WHERE id = $2`
  await fixture.owner.query(swap, [theirs.session.id, ours.session.id])
  fixture.time.offsetMs = 11 * 60_000
  expect(await recheckSession(fixture.services, origin, ours.session)).toBe('unknown')
})
