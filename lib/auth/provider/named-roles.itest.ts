import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type PersonEntry, subjectOf } from '#dev/idp/people.ts'
import { openSignInFixture } from '#dev/testing/fixtures/sign-in-fixture.ts'
import { recheckSession } from '#lib/auth/session/recheck-session.ts'

const origin = { observer: 'web/test' as const, requestId: 'test' }

let fixture: Awaited<ReturnType<typeof openSignInFixture>>
let partner: ReturnType<typeof fixture.further>
beforeAll(async () => {
  fixture = await openSignInFixture({
    environment: {
      SPACEPORT_ADMINS: `sub:${subjectOf('ann')},Boss@Example.com,shared@example.com,moved@example.com`,
      SPACEPORT_AUDITORS: `sub:${subjectOf('aud')},auditor@example.com,boss@example.com`,
    },
    further: { id: 'partner', admins: ['theirs@partner.com'] },
  })
  partner = fixture.further()
})
afterEach(() => {
  fixture.time.offsetMs = 0
  fixture.setPeople([])
  partner.setPeople([])
})
afterAll(() => fixture.close())

async function signedIn(person: PersonEntry, provider = 'oidc') {
  ;(provider === 'oidc' ? fixture : partner).setPeople([person])
  const browser = fixture.browser()
  expect(await browser.signIn(person.username, '/', provider)).toBe(`${fixture.origin}/`)
  const session = await browser.session()
  if (!session) throw new Error(`${person.username} could not sign in`)
  return { browser, session, role: session.actor.platformRole }
}
const roleOf = async (person: PersonEntry, provider?: string) => (await signedIn(person, provider)).role

const lastDetail = async (userId: string, action: string) => {
  const { rows } = await fixture.owner.query(
    `SELECT detail - 'claimedAt' AS detail FROM audit_event WHERE actor_id = $1 AND action = $2 ORDER BY seq DESC LIMIT 1`,
    [userId, action],
  )
  return rows[0]?.detail
}

test('people named by their subject or verified address have the platform role, and the trail shows which', async () => {
  const ann = await signedIn({ username: 'ann', groups: null, emailVerified: null })
  expect(ann.session.actor).toMatchObject({ platformRole: 'admin', isEligible: true, groups: [] })
  expect(await lastDetail(ann.session.actor.userId, 'session.sign-in')).toEqual({
    ...{ groups: [], groupCount: 0, namedRole: 'admin', namedBy: 'sub' },
  })
  expect(await roleOf({ username: 'aud', groups: [] })).toBe('auditor')
  // In both lists: the higher role counts, as with groups.
  const boss = await signedIn({ username: 'bea', email: 'BOSS@example.com', emailVerified: 'true' })
  expect(boss.role).toBe('admin')
  expect(await lastDetail(boss.session.actor.userId, 'session.sign-in')).toMatchObject({ namedBy: 'email' })
})

test.each<[what: string, Omit<PersonEntry, 'username'>]>([
  ['an address that the provider has not verified', { email: 'shared@example.com', emailVerified: false }],
  ['an address without a verification claim', { email: 'shared@example.com', emailVerified: null }],
  ['two addresses in one', { email: 'shared@example.com@evil.com' }],
  ['an address with a trailing dot', { email: 'shared@example.com.' }],
  ['an address that is cut short for display', { email: `shared@example.com${' '.repeat(320)}.evil.com` }],
  ['an address with an invisible character', { email: '\u200fshared@example.com' }],
  ['a subject in the address claim', { email: `sub:${subjectOf('ann')}` }],
  ['a name', { name: 'shared@example.com' }],
])('%s gives no role', async (what, entry) => {
  expect(await roleOf({ username: `x-${what.length}`, ...entry })).toBe('member')
})

test('a name counts only at the provider that it is configured for', async () => {
  expect(await roleOf({ username: 'ann' }, 'partner')).toBe('member')
  expect(await roleOf({ username: 'eli', email: 'auditor@example.com' }, 'partner')).toBe('member')
  expect(await roleOf({ username: 'flo', email: 'theirs@partner.com' }, 'partner')).toBe('admin')
  expect(await roleOf({ username: 'flo', email: 'theirs@partner.com' })).toBe('member')
})

test('an address reassigned to another person gives them no role', async () => {
  expect(await roleOf({ username: 'old', email: 'shared@example.com' })).toBe('admin')
  const successor = await signedIn({ username: 'new', email: 'shared@example.com' })
  expect(successor.role).toBe('member')
  expect(await lastDetail(successor.session.actor.userId, 'session.sign-in')).toMatchObject({ addressReassigned: true })
  expect(await roleOf({ username: 'old', email: 'shared@example.com' })).toBe('admin')
  // Still none when the first person's address changed, or their account is deactivated.
  expect(await roleOf({ username: 'old', email: 'elsewhere@example.com' })).toBe('member')
  expect(await roleOf({ username: 'new', email: 'shared@example.com' })).toBe('member')
})

test('a person removed from the list, or without the address, loses the role at the next check', async () => {
  const minutes = (count: number) => {
    fixture.time.offsetMs = count * 60_000
  }
  const { browser, session } = await signedIn({ username: 'mo', email: 'moved@example.com' })
  const recheck = (services = fixture.services) => recheckSession(services, origin, session)
  minutes(11)
  expect(await recheck()).toBe('confirmed')
  fixture.setPeople([{ username: 'mo', email: 'moved@example.com', emailVerified: null }])
  minutes(22)
  expect(await recheck()).toBe('changed')
  expect((await browser.session())?.actor).toMatchObject({ platformRole: 'member', isEligible: false })
  expect(await lastDetail(session.actor.userId, 'session.recheck')).toMatchObject({
    platformRole: { before: 'admin', after: 'member' },
  })
  fixture.setPeople([{ username: 'mo', email: 'moved@example.com' }])
  minutes(33)
  expect(await recheck()).toBe('changed')
  expect((await browser.session())?.actor.platformRole).toBe('admin')
  const { settings } = fixture.services
  minutes(44)
  expect(await recheck({ ...fixture.services, settings: { ...settings, admins: [] } })).toBe('changed')
  expect((await browser.session())?.actor.platformRole).toBe('member')
})

test('a person with a role by name and by group has the higher one, and keeps the named role without the group', async () => {
  const { browser, session } = await signedIn({ username: 'aud', groups: ['platform-admins'] })
  expect(session.actor.platformRole).toBe('admin')
  fixture.setPeople([{ username: 'aud', groups: [] }])
  fixture.time.offsetMs = 11 * 60_000
  expect(await recheckSession(fixture.services, origin, session)).toBe('changed')
  expect((await browser.session())?.actor.platformRole).toBe('auditor')
})
