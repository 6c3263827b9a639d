import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { keepFromTable } from '#dev/testing/database/keep-from-table.ts'
import { keepFromTrail } from '#dev/testing/database/keep-from-trail.ts'
import { openSignInFixture } from '#dev/testing/fixtures/sign-in-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { readGroupClaims } from '#lib/auth/provider/read-group-claims.ts'

let fixture: Awaited<ReturnType<typeof openSignInFixture>>
beforeAll(async () => {
  fixture = await openSignInFixture()
})
afterEach(() => {
  fixture.time.offsetMs = 0
  fixture.setPeople([])
})
afterAll(() => fixture.close())

const trailOf = async (userId: string | undefined) =>
  (
    await fixture.owner.query(
      `SELECT action, outcome::text, reason FROM audit_event WHERE actor_id = $1 AND action LIKE 'session.%' ORDER BY seq`,
      [userId],
    )
  ).rows

test('a sign-in confirmed by the provider gets a session, stored only as a hash, and a trail entry', async () => {
  const browser = fixture.browser()
  expect(await browser.signIn('alice', '/spaces/new')).toBe(`${fixture.origin}/spaces/new`)
  const session = await browser.session()
  expect(session?.actor).toMatchObject({ name: 'Alice Example', groups: ['team-blue'], platformRole: 'member' })
  expect(session?.actor.handle).toMatch(/^alice-[0-9a-f]{6}$/)
  const { rows } = await fixture.owner.query(`SELECT s::text AS row FROM session s WHERE id = $1`, [session?.id])
  expect(rows[0].row).not.toContain(browser.token())
  // An encrypted token (JWE) doesn’t name the provider’s keys, and has no readable claims.
  const { rows: kept } = await fixture.owner.query(`SELECT id_token FROM session WHERE id = $1`, [session?.id])
  const [header = ''] = String(kept[0].id_token).split('.')
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'dir', enc: 'A256GCM' })
  expect(await trailOf(session?.actor.userId)).toEqual([{ action: 'session.sign-in', outcome: 'ok', reason: null }])
})

test('signing in again ends the previous session, even as another person, and links no accounts', async () => {
  const browser = fixture.browser()
  await browser.signIn('alice')
  const [first, alice] = [browser.token(), await browser.session()]
  for (const name of [...browser.cookies.keys()]) if (name.startsWith('idp-')) browser.cookies.delete(name)
  await browser.signIn('bob')
  const bob = await browser.session()
  expect(bob?.actor.name).toBe('Bob Example')
  expect(bob?.actor.userId).not.toBe(alice?.actor.userId)
  const stale = fixture.browser()
  stale.cookies.set('spaceport-session', first ?? '')
  expect(await stale.session()).toBeNull()
})

test('a platform role counts only while its provider is the configured one', async () => {
  fixture.setPeople([{ username: 'gil', groups: ['platform-admins'] }])
  const browser = fixture.browser()
  await browser.signIn('gil')
  expect((await browser.session())?.actor.platformRole).toBe('admin')
  const afterwards = fixture.browser('https://present.test')
  afterwards.cookies.set('spaceport-session', browser.token() ?? '')
  expect((await afterwards.session())?.actor).toMatchObject({ platformRole: 'member', groups: ['platform-admins'] })
})

test('groups are replaced at each sign-in, and no claim means no groups', async () => {
  fixture.setPeople([{ username: 'gus', groups: ['one', 'platform-admins'] }])
  const browser = fixture.browser()
  await browser.signIn('gus')
  expect((await browser.session())?.actor).toMatchObject({ groups: ['one', 'platform-admins'], platformRole: 'admin' })
  fixture.setPeople([{ username: 'gus', groups: null }])
  await browser.signIn('gus')
  expect((await browser.session())?.actor).toMatchObject({ groups: [], platformRole: 'member' })
})

test('a group with an invalid name is skipped and reported to the person, the log and the trail, and doesn’t block the sign-in', async () => {
  fixture.setPeople([{ username: 'gus', groups: ['team-blue', 'team\nred'] }])
  const browser = fixture.browser()
  expect(await browser.signIn('gus')).toBe(`${fixture.origin}/`)
  const actor = (await browser.session())?.actor
  expect(actor?.groups).toEqual(['team-blue'])
  expect((await readGroupClaims(fixture.pool, actor?.userId ?? ''))?.leftOut).toEqual(['team red'])
  const { rows } = await fixture.owner.query(
    `SELECT detail FROM audit_event WHERE actor_id = $1 AND action = 'session.sign-in' ORDER BY seq DESC LIMIT 1`,
    [actor?.userId],
  )
  expect(rows[0].detail).toEqual({ groups: ['team-blue'], groupCount: 1, leftOut: ['team red'], leftOutCount: 1 })

  const long = `/${'g'.repeat(1_023)}`
  fixture.setPeople([{ username: 'gus', groups: [long] }])
  await browser.signIn('gus')
  expect((await browser.session())?.actor.groups).toEqual([long])
  expect((await readGroupClaims(fixture.pool, actor?.userId ?? ''))?.leftOut).toEqual([])
})

test('the same email address with another subject is another person', async () => {
  const browser = fixture.browser()
  fixture.setPeople([{ username: 'twin', email: 'alice@example.com', sub: 'another-subject' }])
  await browser.signIn('twin')
  const other = fixture.browser()
  await other.signIn('alice')
  expect((await browser.session())?.actor.userId).not.toBe((await other.session())?.actor.userId)
})

test('a deactivated person loses the session at the next request and gets no new one', async () => {
  fixture.setPeople([{ username: 'dora' }])
  const browser = fixture.browser()
  await browser.signIn('dora')
  const userId = (await browser.session())?.actor.userId
  await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [userId])
  expect(await browser.session()).toBeNull()
  expect(await browser.signIn('dora')).toContain('/sign-in?error=deactivated')
  await fixture.owner.query('UPDATE user_account SET deactivated_at = NULL WHERE id = $1', [userId])
  expect(await browser.session()).toBeNull()
  expect(await trailOf(userId)).toContainEqual({ action: 'session.sign-in', outcome: 'refused', reason: 'deactivated' })
})

test('a sign-in that can’t be recorded in the trail gives no session and no groups', async () => {
  const name = uniqueName('untold')
  fixture.setPeople([{ username: 'uma', name, groups: ['team-blue'] }])
  const browser = fixture.browser()
  await browser.signIn('uma')
  const notifyAgain = await keepFromTrail(fixture.owner, name, `NEW.actor_name = '${name}'`)
  try {
    fixture.setPeople([{ username: 'uma', name, groups: ['platform-admins'] }])
    expect(await fixture.browser().signIn('uma')).toContain('/sign-in?error=trail_unavailable')
    expect((await browser.session())?.actor).toMatchObject({ platformRole: 'member', groups: ['team-blue'] })
  } finally {
    await notifyAgain()
  }
})

test('if the session can’t be stored, a sign-in leaves no trail entry and changes nothing', async () => {
  const name = uniqueName('unkept')
  fixture.setPeople([{ username: 'ute', name, groups: ['team-blue'] }])
  const browser = fixture.browser()
  await browser.signIn('ute')
  const before = await browser.session()
  const userId = before?.actor.userId
  const keepAgain = await keepFromTable(fixture.owner, 'session', name, `NEW.user_id = '${userId}'`)
  try {
    fixture.setPeople([{ username: 'ute', name, groups: ['platform-admins'] }])
    const at = await browser.signIn('ute')
    expect(await trailOf(userId)).toEqual([{ action: 'session.sign-in', outcome: 'ok', reason: null }])
    expect(at).toContain('/sign-in?error=unavailable')
    expect((await browser.session())?.id).toBe(before?.id)
    expect((await browser.session())?.actor).toMatchObject({ platformRole: 'member', groups: ['team-blue'] })
  } finally {
    await keepAgain()
  }
  await browser.signIn('ute')
  expect((await browser.session())?.actor).toMatchObject({ platformRole: 'admin', groups: ['platform-admins'] })
  expect(await trailOf(userId)).toHaveLength(2)
})

test('a session ends after an hour without use, and after eight hours at the latest', async () => {
  const browser = fixture.browser()
  await browser.signIn('alice')
  for (let minutes = 50; minutes < 480; minutes += 50) {
    fixture.time.offsetMs = minutes * 60_000
    expect(await browser.session()).not.toBeNull()
  }
  fixture.time.offsetMs = 480 * 60_000 + 1_000
  expect(await browser.session()).toBeNull()
  fixture.time.offsetMs = 0
  await browser.signIn('alice')
  fixture.time.offsetMs = 61 * 60_000
  expect(await browser.session()).toBeNull()
})

test('a provider’s answer works once, and only in the browser that began the sign-in', async () => {
  const [browser, other] = [fixture.browser(), fixture.browser()]
  const callback = await browser.reachCallback('alice')
  expect(other.locationOf(await other.send(callback))).toContain('/sign-in?error=sign_in_expired')
  expect(await other.session()).toBeNull()
  const tampered = new URL(callback)
  tampered.searchParams.set('state', 'other')
  const copy = new Map(browser.cookies)
  expect(browser.locationOf(await browser.send(tampered.href))).toContain('/sign-in?error=')
  for (const [name, value] of copy) browser.cookies.set(name, value)
  expect(browser.locationOf(await browser.send(callback))).toBe(`${fixture.origin}/`)
  for (const [name, value] of copy) other.cookies.set(name, value)
  expect(other.locationOf(await other.send(callback))).toContain('/sign-in?error=')
})

test('another site can’t begin a sign-in, and query parameters don’t reach the provider', async () => {
  const browser = fixture.browser()
  const url = `${fixture.origin}/api/auth/signin/oidc`
  const foreign = await browser.send(url, { form: {}, headers: { origin: 'https://evil.example' } })
  expect(foreign.status).toBe(403)
  const begun = await browser.send(`${url}?scope=openid+admin&redirect_uri=https://evil.example`, { form: {} })
  const asked = new URL(await browser.goesOnTo(begun)).searchParams
  expect(asked.get('redirect_uri')).toBe(`${fixture.origin}/api/auth/callback/oidc`)
  expect(asked.get('scope')).toBe('openid profile email groups')
  for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)).toBeTruthy()
  expect(asked.get('code_challenge_method')).toBe('S256')
})

test('sign-in always returns to a page of the portal', async () => {
  const browser = fixture.browser()
  expect(await browser.signIn('alice', '//evil.example/')).toBe(`${fixture.origin}/`)
  const callback = await browser.reachCallback('alice', '/requests')
  browser.cookies.set('spaceport-return', encodeURIComponent('https://evil.example/'))
  expect(browser.locationOf(await browser.send(callback))).toBe(`${fixture.origin}/`)
})

test('a refusal by the provider is shown as a reason', async () => {
  const browser = fixture.browser()
  const callback = `${fixture.origin}/api/auth/callback/oidc`
  expect(browser.locationOf(await browser.send(`${callback}?error=access_denied`))).toContain('error=access_denied')
  expect(browser.locationOf(await browser.send(`${callback}?error=invalid_scope`))).toContain('error=invalid_scope')
  expect(browser.locationOf(await browser.send(`${callback}?error=%3Cscript%3E`))).toContain('error=provider_refused')
})

const signOutUrl = () => `${fixture.origin}/api/auth/sign-out`

test('signing out ends the session here and at the provider, and works only from the portal’s own page', async () => {
  const browser = fixture.browser()
  await browser.signIn('alice')
  const url = signOutUrl()
  expect((await browser.send(url, { form: {}, headers: { origin: 'https://evil.example' } })).status).toBe(403)
  const [session, token] = [await browser.session(), browser.token()]
  expect(session).not.toBeNull()
  const out = new URL(await browser.goesOnTo(await browser.send(url, { form: {} })))
  expect(out.origin).toBe(fixture.issuer)
  expect(out.searchParams.get('post_logout_redirect_uri')).toBe(`${fixture.origin}/sign-in`)
  expect(out.searchParams.get('id_token_hint')).toBeTruthy()
  expect(out.searchParams.get('state')).toMatch(/^both\.[\w-]{22}$/)
  expect(browser.cookies.get('spaceport-leaving')).toBe(out.searchParams.get('state'))
  expect(browser.token()).toBeUndefined()
  browser.cookies.set('spaceport-session', token ?? '')
  expect(await browser.session()).toBeNull()
  expect(await trailOf(session?.actor.userId)).toContainEqual({
    action: 'session.sign-out',
    outcome: 'ok',
    reason: null,
  })
  const again = browser.locationOf(await browser.send(url, { form: {} }))
  expect(again, 'signed out twice').toBe(`${fixture.origin}/sign-in?state=already`)
})

test('an expired session stays expired, and can be ended at the provider until it is cleaned up', async () => {
  const hour = 60 * 60_000
  const browser = fixture.browser()
  await browser.signIn('alice')
  const [token, userId] = [browser.token() ?? '', (await browser.session())?.actor.userId]
  fixture.time.offsetMs = 2 * hour
  expect(await browser.session()).toBeNull()
  fixture.time.offsetMs = 0
  expect(await browser.session(), 'with the clock set back').toBeNull()
  fixture.time.offsetMs = 20 * hour
  await fixture.browser().signIn('bob')
  const before = await trailOf(userId)
  const out = new URL(await browser.goesOnTo(await browser.send(signOutUrl(), { form: {} })))
  expect(out.searchParams.get('id_token_hint')).toBeTruthy()
  expect(await trailOf(userId), 'no session ended here').toEqual(before)
  browser.cookies.set('spaceport-session', token)
  expect(browser.locationOf(await browser.send(signOutUrl(), { form: {} }))).toContain('state=already')

  fixture.time.offsetMs = 0
  await browser.signIn('alice')
  // Without moving the clock: each sign-in cleans up for everyone, including other tests.
  await fixture.owner.query(`UPDATE session SET expires_at = now() - interval '25 hours' WHERE id = $1`, [
    (await browser.session())?.id,
  ])
  await fixture.browser().signIn('bob')
  expect(browser.locationOf(await browser.send(signOutUrl(), { form: {} })), 'after the clean-up').toContain('already')
})

test('without a provider sign-out, only the end of the session here is reported', async () => {
  const { provider } = fixture.services
  const { end_session_endpoint: _none, ...metadata } = await provider.metadata()
  const browser = fixture.browser()
  try {
    for (const answer of [async () => metadata, () => Promise.reject(new Error('away'))]) {
      await browser.signIn('alice')
      fixture.services.provider = { metadata: answer }
      const to = browser.locationOf(await browser.send(signOutUrl(), { form: {} }))
      expect(to).toBe(`${fixture.origin}/sign-in?state=here`)
      expect(await browser.session()).toBeNull()
      fixture.services.provider = provider
    }
  } finally {
    fixture.services.provider = provider
  }
})

test('an ID token with hundreds of groups is not put in the URL; the provider asks instead', async () => {
  const groups = Array.from({ length: 400 }, (_, i) => `/organization/department-${i}/team`)
  fixture.setPeople([{ username: 'gil', groups }])
  const browser = fixture.browser()
  await browser.signIn('gil')
  expect((await browser.session())?.actor.groups).toHaveLength(400)
  const url = await browser.goesOnTo(await browser.send(signOutUrl(), { form: {} }))
  const out = new URL(url).searchParams
  expect(url.length).toBeLessThan(1_000)
  expect([out.get('id_token_hint'), out.get('client_id')]).toEqual([null, fixture.client.id])
  expect(out.get('logout_hint')).toBeTruthy()
  expect(out.get('state')).toMatch(/^asked\./)
  const page = await (await browser.send(url)).text()
  expect(page, 'the provider accepts it').toContain('Sign out')
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const done = await browser.send(`${fixture.issuer}/session/end/confirm`, { form: { xsrf, logout: 'yes' } })
  expect(browser.locationOf(done)).toBe(`${fixture.origin}/sign-in?state=${out.get('state')}`)
})
