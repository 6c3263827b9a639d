import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { PersonEntry } from '#dev/idp/people.ts'
import { subjectOf } from '#dev/idp/people.ts'
import { openSignInFixture } from '#dev/testing/fixtures/sign-in-fixture.ts'
import { createBreakGlassCode } from '#lib/auth/break-glass/create-code.ts'
import { recheckSession } from '#lib/auth/session/recheck-session.ts'
import { createOwnerDb } from '#lib/kernel/db/client.ts'

type Fixture = Awaited<ReturnType<typeof openSignInFixture>>
const origin = { observer: 'web/test' as const, requestId: 'test' }

function using(options: Parameters<typeof openSignInFixture>[0]) {
  const opened: { fixture?: Fixture } = {}
  beforeAll(async () => {
    opened.fixture = await openSignInFixture(options)
  })
  afterEach(() => {
    if (!opened.fixture) return
    opened.fixture.time.offsetMs = 0
    opened.fixture.setPeople([])
  })
  afterAll(() => opened.fixture?.close())
  return (): Fixture => {
    if (!opened.fixture) throw new Error('the fixture is not open')
    return opened.fixture
  }
}

const isIn = (fixture: Fixture) => `${fixture.origin}/`
const isRefused = (fixture: Fixture, reason: string) => `${fixture.origin}/sign-in?error=${reason}`

/**
 * Signs in at the main provider.
 * @returns where the browser ends up
 */
async function signIn(fixture: Fixture, person: PersonEntry): Promise<string> {
  fixture.setPeople([person])
  return fixture.browser().signIn(person.username)
}

async function signedIn(fixture: Fixture, person: PersonEntry) {
  fixture.setPeople([person])
  const browser = fixture.browser()
  expect(await browser.signIn(person.username)).toBe(isIn(fixture))
  const session = await browser.session()
  if (!session) throw new Error(`${person.username} could not sign in`)
  return { browser, id: session.id, userId: session.actor.userId, handle: session.actor.handle }
}

const accountsOf = async (fixture: Fixture, username: string): Promise<number> =>
  (await fixture.owner.query('SELECT 1 FROM user_account WHERE subject = $1', [subjectOf(username)])).rows.length

const lastRow = async (fixture: Fixture) => {
  const { rows } = await fixture.owner.query(
    `SELECT actor_kind AS actor, actor_handle AS handle, action, outcome::text, reason, detail - 'claimedAt' AS detail
     FROM audit_event WHERE action LIKE 'session.%' ORDER BY seq DESC LIMIT 1`,
  )
  return rows[0]
}

async function giveCredential(fixture: Fixture, userId: string): Promise<string> {
  const { rows } = await fixture.owner.query(
    `INSERT INTO credential (id, user_id, cluster_id, token_hash, name, created_at, ends_at)
     VALUES (gen_random_uuid(), $1, (SELECT id FROM cluster LIMIT 1), $2, 'laptop', now(), now() + interval '30 days') RETURNING id`,
    [userId, randomBytes(32)],
  )
  return rows[0].id
}

describe('limited to a domain', () => {
  const fixture = using({ environment: { SPACEPORT_SIGN_IN_DOMAINS: 'example.com, Example.ORG' } })

  test('people with a verified address in one of the domains can sign in', async () => {
    expect(await signIn(fixture(), { username: 'ann' })).toBe(isIn(fixture()))
    expect(await signIn(fixture(), { username: 'ben', email: 'BEN@EXAMPLE.ORG', emailVerified: 'true' })).toBe(
      isIn(fixture()),
    )
  })

  test.each<[reason: string, Omit<PersonEntry, 'username'>]>([
    ['sign_in_domain', { email: 'a@evil.com' }],
    ['sign_in_domain', { email: 'a@evil.com@example.com' }],
    ['sign_in_domain', { email: 'a@example.com.' }],
    ['sign_in_domain', { email: 'a@sub.example.com' }],
    ['sign_in_domain', { email: `${'a'.repeat(308)}@example.com.evil.com` }],
    ['sign_in_domain', { email: 'a@ｅｘａｍｐｌｅ.com' }],
    ['email_unverified', { emailVerified: false }],
    ['email_unverified', { emailVerified: null }],
    ['email_unverified', { email: '' }],
  ])('anyone else is refused (%s) without an account: %o', async (reason, entry) => {
    const username = `s-${randomBytes(4).toString('hex')}`
    expect(await signIn(fixture(), { username, ...entry })).toBe(isRefused(fixture(), reason))
    expect(await accountsOf(fixture(), username)).toBe(0)
    expect(await lastRow(fixture())).toEqual({
      ...{ actor: 'anonymous', handle: null, action: 'session.sign-in' },
      ...{ outcome: 'refused', reason, detail: {} },
    })
  })

  test('strangers cannot fill the trail, even from many addresses', async () => {
    const { limits } = fixture().services
    let rows = 0
    for (let from = 0; from < 70; from++)
      if (await limits.fail('stranger', `2001:db8:ffff:${from.toString(16)}::1`)) rows++
    expect(rows).toBeLessThanOrEqual(60)
    const one = '2001:db8:fffe::1'
    expect(await limits.fail('sign-in', one), 'other failures are counted separately').toBe(true)
    expect(await signIn(fixture(), { username: 'sly', email: 'sly@evil.com' })).toBe(
      isRefused(fixture(), 'sign_in_domain'),
    )
  })

  test('a person who leaves the domain is signed out everywhere at the next check, and loses their kubeconfigs', async () => {
    const one = await signedIn(fixture(), { username: 'cleo' })
    const other = await signedIn(fixture(), { username: 'cleo' })
    const credential = await giveCredential(fixture(), one.userId)
    fixture().setPeople([{ username: 'cleo', email: 'cleo@elsewhere.com' }])
    fixture().time.offsetMs = 11 * 60_000
    expect(await recheckSession(fixture().services, origin, { id: one.id, issuer: fixture().issuer })).toBe('ended')
    expect(await one.browser.session()).toBeNull()
    expect(await other.browser.session()).toBeNull()
    expect(await lastRow(fixture())).toEqual({
      ...{ actor: 'user', handle: one.handle, action: 'session.recheck', outcome: 'refused', reason: 'sign_in_domain' },
      detail: { sessions: 2, credentials: [credential], credentialCount: 1 },
    })
    const { rows } = await fixture().owner.query(
      `SELECT (SELECT revoked_at IS NOT NULL FROM credential WHERE id = $1) AS revoked,
        (SELECT jsonb_build_object('kind', kind) || data FROM inbox_event WHERE user_id = $2) AS told,
        (SELECT deactivated_at IS NULL FROM user_account WHERE id = $2) AS active`,
      [credential, one.userId],
    )
    expect(rows).toEqual([
      { revoked: true, told: { kind: 'sessions-ended', by: null, credentials: 1, limited: true }, active: true },
    ])
    // Back in the domain, they have their old account.
    const again = await signedIn(fixture(), { username: 'cleo' })
    expect(again.userId).toBe(one.userId)
  })

  test.each([
    ['is no longer verified', { emailVerified: false }],
    ['no longer has a verification claim', { emailVerified: null }],
  ] as const)('an address that %s ends the session at the next check', async (_what, entry) => {
    const username = `v-${randomBytes(4).toString('hex')}`
    const { id, browser } = await signedIn(fixture(), { username })
    fixture().setPeople([{ username, ...entry }])
    fixture().time.offsetMs = 11 * 60_000
    expect(await recheckSession(fixture().services, origin, { id, issuer: fixture().issuer })).toBe('ended')
    expect(await browser.session()).toBeNull()
  })

  test('a known person refused at sign-in loses sessions and kubeconfigs, which the trail lists', async () => {
    const { userId, handle, browser } = await signedIn(fixture(), { username: 'dora', groups: ['platform-admins'] })
    const credential = await giveCredential(fixture(), userId)
    expect(await signIn(fixture(), { username: 'dora', emailVerified: false, groups: ['platform-admins'] })).toBe(
      isRefused(fixture(), 'email_unverified'),
    )
    expect(await browser.session()).toBeNull()
    expect(await lastRow(fixture())).toEqual({
      ...{ actor: 'user', handle, action: 'session.sign-in', outcome: 'refused', reason: 'email_unverified' },
      detail: { sessions: 1, credentials: [credential], credentialCount: 1 },
    })
    const { rows } = await fixture().owner.query(
      `SELECT platform_role::text AS role, ARRAY(SELECT "group" FROM user_group WHERE user_id = u.id) AS groups
       FROM user_account u WHERE id = $1`,
      [userId],
    )
    expect(rows).toEqual([{ role: 'member', groups: [] }])
  })

  test('the break-glass account is exempt from the limits', async () => {
    const { services, ownerDatabaseUrl, issuer } = fixture()
    const db = createOwnerDb(ownerDatabaseUrl)
    onTestFinished(() => db.$disconnect())
    const code = await createBreakGlassCode({ db, issuer, hostname: 'test', at: services.clock() })
    const browser = fixture().browser()
    await browser.send(`${fixture().origin}/api/auth/break-glass`, { form: { code } })
    expect((await browser.session())?.actor).toMatchObject({ isBreakGlass: true, platformRole: 'admin' })
  })

  test('a provisioned account outside of the limits cannot sign in', async () => {
    await fixture().owner.query(
      `INSERT INTO user_account (id, issuer, subject, handle, name, email, never_signed_in)
       VALUES (gen_random_uuid(), $1, $2, 'pushed-aaaaaa', 'Pushed', 'pushed@example.com', true)`,
      [fixture().issuer, subjectOf('pushed')],
    )
    expect(await signIn(fixture(), { username: 'pushed', email: 'pushed@evil.com' })).toBe(
      isRefused(fixture(), 'sign_in_domain'),
    )
    const { rows } = await fixture().owner.query(
      `SELECT never_signed_in AS never FROM user_account WHERE handle = 'pushed-aaaaaa'`,
    )
    expect(rows).toEqual([{ never: true }])
    expect(await signIn(fixture(), { username: 'pushed' })).toBe(isIn(fixture()))
  })
})

describe('limited to groups', () => {
  const fixture = using({
    environment: {
      SPACEPORT_SIGN_IN_GROUPS: 'engineering,contractors',
      SPACEPORT_PUSHED_PRIVILEGED_GROUPS: 'contractors',
    },
    further: { id: 'partner', signInDomains: ['partner.com'] },
  })

  test('members of one of the groups can sign in, and others are refused without an account', async () => {
    expect(await signIn(fixture(), { username: 'eve', groups: ['team-blue', 'engineering'] })).toBe(isIn(fixture()))
    for (const groups of [['team-blue'], ['Engineering'], [], null]) {
      expect(await signIn(fixture(), { username: 'fay', groups })).toBe(isRefused(fixture(), 'sign_in_group'))
      expect(await accountsOf(fixture(), 'fay')).toBe(0)
    }
  })

  test('a person who leaves the last of the groups is signed out at the next check', async () => {
    const { id, browser, userId } = await signedIn(fixture(), { username: 'gil', groups: ['engineering', 'team-blue'] })
    const recheck = () => recheckSession(fixture().services, origin, { id, issuer: fixture().issuer })
    fixture().setPeople([{ username: 'gil', groups: ['contractors', 'team-blue'] }])
    fixture().time.offsetMs = 11 * 60_000
    expect(await recheck()).toBe('changed')
    fixture().setPeople([{ username: 'gil', groups: ['team-blue'] }])
    fixture().time.offsetMs = 22 * 60_000
    expect(await recheck()).toBe('ended')
    expect(await browser.session()).toBeNull()
    const { rows } = await fixture().owner.query('SELECT 1 FROM user_group WHERE user_id = $1', [userId])
    expect(rows).toEqual([])
  })

  test('a new limit applies to signed-in people at their next check', async () => {
    const { id, browser } = await signedIn(fixture(), { username: 'hal', groups: ['engineering'] })
    const { services } = fixture()
    const narrower = { ...services, settings: { ...services.settings, signInGroups: ['contractors'] } }
    fixture().time.offsetMs = 11 * 60_000
    expect(await recheckSession(narrower, origin, { id, issuer: fixture().issuer })).toBe('ended')
    expect(await browser.session()).toBeNull()
  })

  test('provisioning sets the members of a listed pushed group; sign-ins set those of any other', async () => {
    const push = async (name: string, userIds: string[]) => {
      const { rows } = await fixture().owner.query(
        `INSERT INTO scim_group (id, display_name, issuer, version, created_at, modified_at)
         VALUES (gen_random_uuid(), $1, $2, 1, now(), now()) RETURNING id`,
        [name, fixture().issuer],
      )
      for (const userId of userIds) {
        await fixture().owner.query(
          `INSERT INTO scim_user (id, user_id, user_name, attributes, created_at, modified_at)
           VALUES (gen_random_uuid(), $1::uuid, $1::text, '{}', now(), now())`,
          [userId],
        )
        await fixture().owner.query('INSERT INTO scim_group_member (group_id, user_id) VALUES ($1, $2)', [
          rows[0].id,
          userId,
        ])
      }
    }
    const { userId: pushed } = await signedIn(fixture(), { username: 'ida', groups: ['contractors'] })
    const { userId: outside } = await signedIn(fixture(), { username: 'jon', groups: ['contractors'] })
    await push('contractors', [pushed])
    await push('engineering', [outside])
    try {
      expect(await signIn(fixture(), { username: 'ida', groups: [] })).toBe(isIn(fixture()))
      expect(await signIn(fixture(), { username: 'jon', groups: ['contractors'] })).toBe(
        isRefused(fixture(), 'sign_in_group'),
      )
      expect(await signIn(fixture(), { username: 'kim', groups: ['engineering'] })).toBe(isIn(fixture()))
    } finally {
      await fixture().owner.query('DELETE FROM scim_group_member')
      await fixture().owner.query('DELETE FROM scim_user')
      await fixture().owner.query('DELETE FROM scim_group')
    }
  })

  test('each provider has its own limits', async () => {
    const partner = fixture().further()
    const at = async (person: PersonEntry) => {
      partner.setPeople([person])
      return fixture().browser().signIn(person.username, '/', 'partner')
    }
    expect(await at({ username: 'lea', email: 'lea@partner.com', groups: [] })).toBe(isIn(fixture()))
    expect(await at({ username: 'max', email: 'max@example.com', groups: ['engineering'] })).toBe(
      isRefused(fixture(), 'sign_in_domain'),
    )
  })
})

describe('without an answer that lists groups', () => {
  const fixture = using({ withoutRefreshTokens: true, environment: { SPACEPORT_SIGN_IN_GROUPS: 'engineering' } })

  test('the groups from sign-in count', async () => {
    const { id, browser } = await signedIn(fixture(), { username: 'nia', groups: ['engineering'] })
    const { services } = fixture()
    const silent = { ...services, settings: { ...services.settings, groupsClaim: 'teams' } }
    fixture().time.offsetMs = 11 * 60_000
    expect(await recheckSession(silent, origin, { id, issuer: fixture().issuer })).toBe('confirmed')
    expect(await browser.session()).not.toBeNull()
    const narrower = { ...silent, settings: { ...silent.settings, signInGroups: ['contractors'] } }
    fixture().time.offsetMs = 22 * 60_000
    expect(await recheckSession(narrower, origin, { id, issuer: fixture().issuer })).toBe('ended')
  })
})
