/** Sign-in with Microsoft Entra ID, against a stand-in that answers as documented. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSignInFixture } from '#dev/testing/fixtures/sign-in-fixture.ts'
import { type EntraStandIn, startEntraStandIn } from '#dev/testing/network/entra-stand-in.ts'
import { recheckSession } from '#lib/auth/session/recheck-session.ts'
import { createIdentityProvider } from './identity-provider.ts'

type Fixture = Awaited<ReturnType<typeof openSignInFixture>>
let fixture: Fixture
let entra: EntraStandIn
const made: EntraStandIn[] = []

beforeAll(async () => {
  fixture = await openSignInFixture({
    standIn: async (at) => {
      const started = await startEntraStandIn(at)
      made.push(started)
      return started
    },
    environment: { OIDC_SUBJECT_CLAIM: 'oid', OIDC_SCOPES: 'openid profile email offline_access' },
  })
  const [first] = made
  if (!first) throw new Error('the stand-in was not started')
  entra = first
})
afterAll(() => fixture.close())
beforeEach(() => configure({ graphOrigin: entra.origin }))
afterEach(() => {
  fixture.time.offsetMs = 0
  entra.state.graph = undefined
  entra.state.isPermitted = true
  configure({
    subjectClaim: 'oid',
    groupsClaim: 'groups',
    graphOrigin: null,
    scopes: 'openid profile email offline_access',
  })
})

type Settings = Fixture['services']['settings']
function configure(settings: Partial<Settings>): void {
  fixture.services.settings = { ...fixture.services.settings, ...settings }
}

async function signIn(name: string) {
  const browser = fixture.browser()
  const { origin } = fixture
  const form = { callbackUrl: '/' }
  const at = await browser.goesOnTo(await browser.send(`${origin}/api/auth/signin/oidc`, { form }))
  const end = new URL(browser.locationOf(await browser.send(entra.callbackFor(at, name))))
  const session = await browser.session()
  return { browser, session, error: end.searchParams.get('error') }
}

async function admitted(name: string) {
  const { session, browser, error } = await signIn(name)
  if (!session) throw new Error(`${name} could not sign in: ${error}`)
  return { browser, id: session.id, ...session.actor }
}

const accounts = async (email: string) =>
  (
    await fixture.owner.query(
      'SELECT id, subject, subject_claim, oidc_sub FROM user_account WHERE email = $1 ORDER BY created_at',
      [email],
    )
  ).rows
const trailOf = async (userId: string, action: string) =>
  (
    await fixture.owner.query(
      `SELECT outcome::text, reason, detail - 'claimedAt' AS detail FROM audit_event WHERE actor_id = $1 AND action = $2 ORDER BY seq`,
      [userId, action],
    )
  ).rows
const recheck = (id: string) => {
  fixture.time.offsetMs += 11 * 60_000
  return recheckSession(fixture.services, { observer: 'web/test', requestId: 'test' }, { id, issuer: entra.issuer })
}
const groups = (count: number) => Array.from({ length: count }, () => randomUUID())
/** A name that no other test uses. */
const someone = () => `p${randomUUID().slice(0, 8)}`

describe('identity', () => {
  test('the object id identifies the person, and sub is stored next to it', async () => {
    const name = someone()
    const { oid } = entra.person(name)
    const { userId } = await admitted(name)
    expect(await accounts(`${name}@example.com`)).toEqual([
      { id: userId, subject: oid, subject_claim: 'oid', oidc_sub: entra.subOf(name) },
    ])
    expect((await admitted(name)).userId).toBe(userId)
  })

  test('a new app registration, with another sub for everyone, creates no second accounts', async () => {
    const name = someone()
    entra.person(name)
    const { userId } = await admitted(name)
    entra.state.registration = randomUUID()
    expect((await admitted(name)).userId).toBe(userId)
    expect(await accounts(`${name}@example.com`)).toMatchObject([{ oidc_sub: entra.subOf(name) }])
  })

  test.each([
    ['no claim', undefined],
    ['a list', ['a']],
    ['a number', 7],
    ['an empty text', ''],
    ['a text with a space', 'a b'],
    ['a long text', 'x'.repeat(256)],
  ])('an ID token with %s instead of an oid is refused, and userinfo can’t replace it', async (_what, oid) => {
    const name = someone()
    entra.person(name, { claims: { oid, name: undefined }, userinfo: { oid: randomUUID() } })
    expect(await signIn(name)).toMatchObject({ error: 'subject_missing', session: null })
    expect(await accounts(`${name}@example.com`)).toEqual([])
  })

  test('userinfo can’t replace the object id of the ID token', async () => {
    const [victim, attacker] = [someone(), someone()]
    const { oid } = entra.person(victim)
    const { userId } = await admitted(victim)
    entra.person(attacker, { claims: { name: undefined }, userinfo: { oid } })
    expect((await admitted(attacker)).userId).not.toBe(userId)
  })

  test('the document for all tenants is refused, since object ids are unique only within a tenant', async () => {
    const provider = createIdentityProvider(`${entra.origin}/common/v2.0`)
    await expect(provider.metadata()).rejects.toMatchObject({ fault: 'wrong_issuer' })
  })
})

describe('a repeated check', () => {
  test('uses the sub of the ID token, also with userinfo', async () => {
    const name = someone()
    entra.person(name, { groups: groups(1) })
    const { id } = await admitted(name)
    expect(await recheck(id)).toBe('confirmed')
    configure({ scopes: 'openid profile email' })
    const { id: without } = await admitted(name)
    expect(await recheck(without), 'with an access token only').toBe('confirmed')
  })

  test.each(['oid', 'sub'])('a response with another %s ends the session', async (claim) => {
    const name = someone()
    entra.person(name)
    const { id, userId } = await admitted(name)
    entra.person(name, { claims: { [claim]: randomUUID() } })
    expect(await recheck(id)).toBe('ended')
    expect(await trailOf(userId, 'session.recheck')).toMatchObject([{ reason: 'provider_refused' }])
  })

  test('accepts a refreshed ID token without the object id', async () => {
    const name = someone()
    entra.person(name)
    const { id } = await admitted(name)
    entra.person(name, { claims: { oid: undefined } })
    expect(await recheck(id)).toBe('confirmed')
  })
})

describe('a back-channel logout by sub', () => {
  const logOut = async (claims: Record<string, unknown>) =>
    fetch(`${fixture.origin}/api/auth/backchannel-logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: await entra.logoutToken(claims) }),
    })
  const liveCredentials = async (userId: string) =>
    (
      await fixture.owner.query(
        'SELECT count(*)::int AS live FROM credential WHERE user_id = $1 AND revoked_at IS NULL',
        [userId],
      )
    ).rows[0].live
  const addCredential = (userId: string) =>
    fixture.owner.query(
      `INSERT INTO credential (id, user_id, token_hash, ends_at) VALUES (gen_random_uuid(), $1, sha256(gen_random_uuid()::text::bytea), now() + interval '1 hour')`,
      [userId],
    )

  test('ends the sessions and credentials of that person, even if no session is left', async () => {
    const name = someone()
    entra.person(name)
    const { browser, userId } = await admitted(name)
    await addCredential(userId)
    expect((await logOut({ sub: entra.subOf(name) })).status).toBe(200)
    expect(await browser.session()).toBeNull()
    expect(await liveCredentials(userId)).toBe(0)
    await addCredential(userId)
    expect((await logOut({ sub: entra.subOf(name) })).status).toBe(200)
    expect(await liveCredentials(userId)).toBe(0)
  })

  test('ends nothing of a person with that object id', async () => {
    const name = someone()
    const { oid } = entra.person(name)
    const { browser, userId } = await admitted(name)
    await addCredential(userId)
    expect((await logOut({ sub: oid })).status).toBe(200)
    expect(await browser.session()).not.toBeNull()
    expect(await liveCredentials(userId)).toBe(1)
  })
})

describe('groups that don’t fit into a token', () => {
  test('are read from Microsoft Graph page by page, and endpoints named by the token are ignored', async () => {
    const name = someone()
    const many = groups(251)
    entra.person(name, { groups: many })
    entra.state.asked.length = 0
    const { groups: known } = await admitted(name)
    expect([...known].sort()).toEqual([...many].sort())
    const paths = entra.state.asked.map(({ path }) => path)
    expect(paths.filter((path) => path.startsWith('/v1.0/'))).toHaveLength(3)
    expect(paths.filter((path) => path.startsWith('/trap'))).toEqual([])
  })

  test('are refused without asking Graph unless the operator allows it', async () => {
    configure({ graphOrigin: null })
    const name = someone()
    entra.person(name, { groups: groups(201) })
    entra.state.asked.length = 0
    expect(await signIn(name)).toMatchObject({ error: 'groups_overage', session: null })
    expect(entra.state.asked.filter(({ path }) => path.startsWith('/v1.0'))).toEqual([])
  })

  const evil = 'http://127.0.0.1:9/v1.0/me/transitiveMemberOf'
  const list = (value: unknown, more: object = {}) => ({ body: { value, ...more } })
  const group = { '@odata.type': '#microsoft.graph.group', id: randomUUID(), securityEnabled: true }
  test.each<[string, () => { status?: number; body?: unknown; headers?: Record<string, string> }, string]>([
    ['an error of the server', () => ({ status: 503 }), 'groups_unreachable'],
    ['too many requests', () => ({ status: 429 }), 'groups_unreachable'],
    ['no permission', () => ({ status: 403 }), 'groups_not_permitted'],
    ['a token for another API', () => ({ status: 401 }), 'groups_not_permitted'],
    ['a redirect', () => ({ status: 302, headers: { location: evil } }), 'groups_not_permitted'],
    ['no JSON', () => ({ body: '<html>' }), 'groups_not_permitted'],
    ['no list', () => ({ body: {} }), 'groups_not_permitted'],
    ['a group without an id', () => list([{ ...group, id: undefined }]), 'groups_not_permitted'],
    ['a group without the security flag', () => list([{ ...group, securityEnabled: null }]), 'groups_not_permitted'],
    ['a next page elsewhere', () => list([group], { '@odata.nextLink': evil }), 'groups_not_permitted'],
    ['a next page that is not a URL', () => list([group], { '@odata.nextLink': 'next' }), 'groups_not_permitted'],
    [
      'pages without an end',
      () => list([group], { '@odata.nextLink': `${entra.origin}/v1.0/me/transitiveMemberOf` }),
      'groups_overage',
    ],
    ['more than a thousand', () => list(groups(1_001).map((id) => ({ ...group, id }))), 'groups_overage'],
  ])('%s from Graph refuses the sign-in', async (_what, answer, error) => {
    const name = someone()
    entra.person(name, { groups: groups(201) })
    entra.state.graph = answer
    expect(await signIn(name)).toMatchObject({ error, session: null })
    expect(await accounts(`${name}@example.com`)).toEqual([])
  })

  test('count only if they are security groups, as in a token', async () => {
    const name = someone()
    entra.person(name, { groups: groups(201) })
    const role = { '@odata.type': '#microsoft.graph.directoryRole', id: randomUUID() }
    entra.state.graph = () => list([group, { ...group, id: randomUUID(), securityEnabled: false }, role])
    expect((await admitted(name)).groups).toEqual([group.id])
  })

  test('are refused without the permission to read their type', async () => {
    const name = someone()
    entra.person(name, { groups: groups(201) })
    entra.state.isPermitted = false
    expect(await signIn(name)).toMatchObject({ error: 'groups_not_permitted', session: null })
  })

  test.each([
    ['with a refresh token', 'openid profile email offline_access'],
    ['with an access token only', 'openid profile email'],
  ])('are read again during a session, %s', async (_what, scopes) => {
    configure({ scopes })
    const name = someone()
    const many = groups(201)
    entra.person(name, { groups: many })
    const { id, userId } = await admitted(name)
    entra.person(name, { groups: many.slice(0, 200).concat(groups(1)) })
    expect(await recheck(id)).toBe('changed')
    expect(await trailOf(userId, 'session.recheck')).toMatchObject([{ detail: { joinedCount: 1, leftCount: 1 } }])
    entra.state.graph = () => ({ status: 503 })
    const before = await verifiedAt(userId)
    expect(await recheck(id), 'Graph is down').toBe('unknown')
    expect(await verifiedAt(userId), 'and the known groups age').toEqual(before)
    entra.state.graph = () => ({ status: 403 })
    expect(await recheck(id), 'the permission was withdrawn').toBe('ended')
    expect(await trailOf(userId, 'session.recheck')).toMatchObject([{}, { reason: 'groups_not_permitted' }])
  })
  const verifiedAt = async (userId: string) =>
    (await fixture.owner.query('SELECT groups_verified_at AS at FROM user_account WHERE id = $1', [userId])).rows[0].at
})

test('app roles are groups where the claim is roles', async () => {
  configure({ groupsClaim: 'roles', graphOrigin: null })
  const name = someone()
  entra.person(name, { groups: groups(3), roles: ['platform-admins', 'team-blue'] })
  expect(await admitted(name)).toMatchObject({ groups: ['platform-admins', 'team-blue'], platformRole: 'admin' })
  const without = someone()
  entra.person(without, { groups: groups(3) })
  expect(await admitted(without)).toMatchObject({ groups: [], platformRole: 'member' })
})
