import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { keepFromTrail } from '#dev/testing/database/keep-from-trail.ts'
import { openSignInFixture } from '#dev/testing/fixtures/sign-in-fixture.ts'
import type { AuthServices } from '#lib/auth/auth-services.ts'
import { expireSession } from '#lib/auth/db/ended-sessions.ts'
import { saveClaims } from '#lib/auth/db/save-claims.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { recheckSession } from './recheck-session.ts'

type Fixture = Awaited<ReturnType<typeof openSignInFixture>>
const minute = 60_000
const origin = { observer: 'web/test' as const, requestId: 'test' }

function using(options: Parameters<typeof openSignInFixture>[0]) {
  const opened: { fixture?: Fixture } = {}
  beforeAll(async () => {
    opened.fixture = await openSignInFixture(options)
  })
  afterEach(() => {
    if (opened.fixture) opened.fixture.time.offsetMs = 0
  })
  afterAll(() => opened.fixture?.close())
  return (): Fixture => {
    if (!opened.fixture) throw new Error('the fixture is not open')
    return opened.fixture
  }
}

async function signedIn(fixture: Fixture, username: string, groups: string[] | null) {
  fixture.setPeople([{ username, groups }])
  const browser = fixture.browser()
  await browser.signIn(username)
  const session = await browser.session()
  if (!session) throw new Error(`${username} could not sign in`)
  return { browser, id: session.id, userId: session.actor.userId }
}

const groupsOf = async (fixture: Fixture, userId: string): Promise<string[]> =>
  (await fixture.owner.query(`SELECT "group" FROM user_group WHERE user_id = $1 ORDER BY 1`, [userId])).rows.map(
    ({ group }) => group,
  )

/** Without `claimedAt`: the clock of these tests is ahead of the database’s, which sets the trail's times. */
const trailOf = async (fixture: Fixture, userId: string) =>
  (
    await fixture.owner.query(
      `SELECT outcome::text, reason, detail - 'claimedAt' AS detail FROM audit_event WHERE actor_id = $1 AND action = 'session.recheck' ORDER BY seq`,
      [userId],
    )
  ).rows

describe('with refresh tokens', () => {
  const fixture = using({})
  const recheck = (id: string) => recheckSession(fixture().services, origin, { id, issuer: fixture().issuer })
  const later = (minutes: number) => {
    fixture().time.offsetMs += minutes * minute
  }

  test('rights from groups that a person left end at once, and the trail names these groups', async () => {
    const { browser, id, userId } = await signedIn(fixture(), 'mia', ['team-blue', 'platform-admins'])
    fixture().setPeople([{ username: 'mia', groups: ['team-blue', 'team-red'] }])
    later(11)
    expect(await recheck(id)).toBe('changed')
    expect((await browser.session())?.actor).toMatchObject({
      groups: ['team-blue', 'team-red'],
      platformRole: 'member',
    })
    expect(await trailOf(fixture(), userId)).toEqual([
      {
        outcome: 'ok',
        reason: null,
        detail: {
          joined: ['team-red'],
          joinedCount: 1,
          left: ['platform-admins'],
          leftCount: 1,
          platformRole: { before: 'admin', after: 'member' },
        },
      },
    ])
  })

  test('only one process asks the provider, once in ten minutes, with the latest token', async () => {
    const { id, userId } = await signedIn(fixture(), 'noa', ['team-blue'])
    expect(await recheck(id)).toBe('unknown')
    for (let round = 0; round < 3; round++) {
      later(11)
      const all = await Promise.all([recheck(id), recheck(id), recheck(id)])
      expect(all.sort()).toEqual(['confirmed', 'unknown', 'unknown'])
    }
    expect(await trailOf(fixture(), userId)).toEqual([])
    const { rows } = await fixture().owner.query(
      'SELECT groups_verified_at > last_sign_in_at AS later FROM user_account WHERE id = $1',
      [userId],
    )
    expect(rows).toEqual([{ later: true }])
  })

  test('a person unknown to the provider is signed out, and the trail records it', async () => {
    const { browser, id, userId } = await signedIn(fixture(), 'oda', ['team-blue'])
    fixture().setPeople([])
    later(11)
    expect(await recheck(id)).toBe('ended')
    expect(await browser.session()).toBeNull()
    expect(await trailOf(fixture(), userId)).toEqual([{ outcome: 'refused', reason: 'provider_refused', detail: {} }])
    const { rows } = await fixture().owner.query(
      'SELECT provider_tokens, id_token IS NOT NULL AS hint FROM session WHERE id = $1',
      [id],
    )
    expect(rows).toEqual([{ provider_tokens: null, hint: true }])
    later(11)
    expect(await recheck(id)).toBe('unknown')
  })

  test('claims that would be refused at sign-in end the session', async () => {
    const { browser, id, userId } = await signedIn(fixture(), 'pia', ['team-blue'])
    fixture().setPeople([{ username: 'pia', groups: Array.from({ length: 1_001 }, (_, at) => `group-${at}`) }])
    later(11)
    expect(await recheck(id)).toBe('ended')
    expect(await browser.session()).toBeNull()
    expect(await trailOf(fixture(), userId)).toMatchObject([{ outcome: 'refused', reason: 'groups_overage' }])
  })

  test('an answer that arrives after a newer one changes nothing', async () => {
    const { userId } = await signedIn(fixture(), 'zoe', ['team-blue'])
    const { services, issuer } = fixture()
    const groups = { names: ['team-red'], leftOut: [], platformRoleOf: () => 'member' as const, listed: [] }
    const asked = { name: 'Zoe', email: '', emailUnverified: false, groups }
    const beforeSignIn = new Date(Date.now() - minute)
    const saved = await inTransaction(services.db, (tx) => saveClaims(tx, { id: userId, issuer }, asked, beforeSignIn))
    expect(saved).toBeNull()
    expect(await groupsOf(fixture(), userId)).toEqual(['team-blue'])
  })

  test('a provider that doesn’t answer ends no session, and is asked again a minute later', async () => {
    const { browser, id, userId } = await signedIn(fixture(), 'quin', ['team-blue'])
    later(11)
    await fixture().withoutProvider(async () => {
      expect(await recheck(id)).toBe('unknown')
    })
    const { rows: contact } = await fixture().owner.query('SELECT failures FROM identity_provider')
    expect(contact, 'a single session’s check can’t mark the provider as down').toEqual([])
    expect((await browser.session())?.actor.groups).toEqual(['team-blue'])
    expect(await recheck(id)).toBe('unknown')
    // After losing its memory, it doesn't know the refresh token.
    later(2)
    expect(await recheck(id)).toBe('ended')
    expect(await groupsOf(fixture(), userId)).toEqual(['team-blue'])
  })

  test('a provider that refuses the client secret ends no session', async () => {
    const { browser, id, userId } = await signedIn(fixture(), 'quy', ['team-blue'])
    const { services } = fixture()
    const mistaken = { ...services, settings: { ...services.settings, clientSecret: 'replaced at the provider' } }
    later(11)
    expect(await recheckSession(mistaken, origin, { id, issuer: fixture().issuer })).toBe('unknown')
    expect(await browser.session()).not.toBeNull()
    expect(await trailOf(fixture(), userId)).toEqual([])
    later(2)
    expect(await recheck(id)).toBe('confirmed')
  })

  test('an ended session keeps no tokens, and gets none from a running check', async () => {
    const { id } = await signedIn(fixture(), 'rio', ['team-blue'])
    const { services } = fixture()
    const tokensOf = async () =>
      (await fixture().owner.query('SELECT provider_tokens FROM session WHERE id = $1', [id])).rows
    expect(await tokensOf()).toEqual([{ provider_tokens: expect.any(String) }])
    later(11)
    const meanwhile: AuthServices = {
      ...services,
      provider: {
        ...services.provider,
        async metadata() {
          await expireSession(fixture().pool, id)
          return services.provider.metadata()
        },
      },
    }
    await recheckSession(meanwhile, origin, { id, issuer: fixture().issuer })
    expect(await tokensOf()).toEqual([{ provider_tokens: null }])
  })

  test('a slow provider gets only a few checks at a time', async () => {
    fixture().setPeople([{ username: 'sol', groups: ['team-blue'] }])
    const sessions: string[] = []
    for (let count = 0; count < 22; count++) {
      const browser = fixture().browser()
      await browser.signIn('sol')
      sessions.push((await browser.session())?.id ?? '')
    }
    later(11)
    const { services } = fixture()
    let asked = 0
    const slow = Promise.withResolvers<void>()
    const busy: AuthServices = {
      ...services,
      provider: {
        ...services.provider,
        async metadata() {
          asked++
          await slow.promise
          throw new Error('the provider is down')
        },
      },
    }
    const all = sessions.map((id) => recheckSession(busy, origin, { id, issuer: fixture().issuer }))
    await expect.poll(() => asked).toBe(20)
    expect(await Promise.race(all)).toBe('unknown')
    // Another provider's people don't wait for that one.
    const [last = ''] = sessions.slice(-1)
    const other = recheckSession(busy, origin, { id: last, issuer: 'https://other.test' })
    await expect.poll(() => asked).toBe(21)
    slow.resolve()
    await Promise.all([...all, other])
    expect(asked).toBe(21)
    // The sessions that had to wait are due at once.
    const again: string[] = []
    for (const id of sessions) again.push(await recheck(id))
    expect(again.filter((one) => one === 'confirmed')).toHaveLength(1)
  })

  test('if the trail is unavailable, nothing changes, and the check is repeated', async () => {
    const { id, userId } = await signedIn(fixture(), 'rae', ['team-blue'])
    fixture().setPeople([{ username: 'rae', groups: [] }])
    later(11)
    const allow = await keepFromTrail(fixture().owner, 'keep_recheck', `NEW.action = 'session.recheck'`)
    expect(await recheck(id)).toBe('unknown')
    expect(await groupsOf(fixture(), userId)).toEqual(['team-blue'])
    await allow()
    later(2)
    expect(await recheck(id)).toBe('changed')
    expect(await groupsOf(fixture(), userId)).toEqual([])
  })

  test('a refused person is signed out a minute later if the trail was unavailable', async () => {
    const { browser, id } = await signedIn(fixture(), 'rex', ['team-blue'])
    fixture().setPeople([])
    later(11)
    const allow = await keepFromTrail(fixture().owner, 'keep_refusal', `NEW.action = 'session.recheck'`)
    expect(await recheck(id)).toBe('unknown')
    await allow()
    expect(await recheck(id)).toBe('unknown')
    later(2)
    expect(await recheck(id)).toBe('ended')
    expect(await browser.session()).toBeNull()
  })

  test('the tokens of a session can’t be decrypted for another one, or with another secret', async () => {
    const one = await signedIn(fixture(), 'sam', ['team-blue'])
    const other = await signedIn(fixture(), 'tia', ['team-red'])
    await fixture().owner.query(
      'UPDATE session SET provider_tokens = (SELECT provider_tokens FROM session WHERE id = $1) WHERE id = $2',
      [one.id, other.id],
    )
    later(11)
    expect(await recheck(other.id)).toBe('unknown')
    const { services } = fixture()
    const rotated = { ...services, settings: { ...services.settings, secret: 'x'.repeat(40) } }
    expect(await recheckSession(rotated, origin, { id: one.id, issuer: fixture().issuer })).toBe('unknown')
    expect(await groupsOf(fixture(), other.userId)).toEqual(['team-red'])
  })

  test('deactivated people and ended sessions are not checked', async () => {
    const { id, userId } = await signedIn(fixture(), 'uli', ['team-blue'])
    const over = await signedIn(fixture(), 'vio', ['team-blue'])
    await fixture().owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [userId])
    await fixture().owner.query('UPDATE session SET expires_at = created_at WHERE id = $1', [over.id])
    later(11)
    expect(await recheck(id)).toBe('unknown')
    expect(await recheck(over.id)).toBe('unknown')
  })
})

describe('without refresh tokens', () => {
  const fixture = using({ withoutRefreshTokens: true })
  const recheck = (id: string, groupsClaim?: string) => {
    const { services } = fixture()
    return recheckSession(
      groupsClaim === undefined ? services : { ...services, settings: { ...services.settings, groupsClaim } },
      origin,
      { id, issuer: fixture().issuer },
    )
  }

  test('the userinfo endpoint is asked while the access token is valid', async () => {
    const { id, userId } = await signedIn(fixture(), 'wim', ['team-blue', 'team-red'])
    fixture().setPeople([{ username: 'wim', groups: ['team-blue'] }])
    fixture().time.offsetMs = 11 * minute
    expect(await recheck(id)).toBe('changed')
    expect(await groupsOf(fixture(), userId)).toEqual(['team-blue'])
    fixture().setPeople([{ username: 'wim', groups: [] }])
    fixture().time.offsetMs = 61 * minute
    expect(await recheck(id)).toBe('unknown')
    expect(await groupsOf(fixture(), userId)).toEqual(['team-blue'])
  })

  test('a person unknown to the provider is signed out', async () => {
    const { browser, id } = await signedIn(fixture(), 'xia', ['team-blue'])
    fixture().setPeople([])
    fixture().time.offsetMs = 11 * minute
    expect(await recheck(id)).toBe('ended')
    expect(await browser.session()).toBeNull()
  })

  test('groups listed only in ID tokens stay unchanged', async () => {
    const { id, userId } = await signedIn(fixture(), 'yan', ['team-blue'])
    fixture().time.offsetMs = 11 * minute
    expect(await recheck(id, 'teams')).toBe('confirmed')
    expect(await groupsOf(fixture(), userId)).toEqual(['team-blue'])
  })
})
