import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openSignInFixture } from '#dev/testing/fixtures/sign-in-fixture.ts'
import type { AuthSettings } from '#lib/auth/auth-settings.ts'
import { recheckSession } from '#lib/auth/session/recheck-session.ts'

const minute = 60_000
const freshSecret = () => randomBytes(24).toString('hex')
const origin = { observer: 'web/test' as const, requestId: 'test' }

let fixture: Awaited<ReturnType<typeof openSignInFixture>>
let configured: AuthSettings
beforeAll(async () => {
  fixture = await openSignInFixture()
  configured = fixture.services.settings
})
afterEach(() => {
  fixture.services.settings = configured
  fixture.time.offsetMs = 0
})
afterAll(() => fixture.close())

/** A process with these settings answers the next request. */
const answeredBy = (changed: Partial<AuthSettings>) => {
  fixture.services.settings = { ...configured, ...changed }
}

async function signedIn(username: string) {
  const browser = fixture.browser()
  expect(await browser.signIn(username)).toBe(`${fixture.origin}/`)
  const session = await browser.session()
  return { browser, id: session?.id ?? '' }
}

/** @returns the provider's URL of a sign-out */
async function signOut(browser: ReturnType<typeof fixture.browser>): Promise<URL> {
  return new URL(await browser.goesOnTo(await browser.send(`${fixture.origin}/api/auth/sign-out`, { form: {} })))
}

describe('the session secret', () => {
  const [former, next] = [freshSecret(), freshSecret()]
  const steps = [
    { before: { secret: former, otherSecret: null }, after: { secret: former, otherSecret: next } },
    { before: { secret: former, otherSecret: next }, after: { secret: next, otherSecret: former } },
    { before: { secret: next, otherSecret: former }, after: { secret: next, otherSecret: null } },
  ]
  const ways = steps.flatMap(({ before, after }, index) => [
    [`step ${index + 1}, from an old process to a new one`, before, after] as const,
    [`step ${index + 1}, from a new process to an old one`, after, before] as const,
  ])

  test.each(ways)('%s, works unnoticed', async (_way, begins, goesOn) => {
    answeredBy(begins)
    const underWay = fixture.browser()
    const callback = await underWay.reachCallback('alice')
    const { browser, id } = await signedIn('bob')

    answeredBy(goesOn)
    expect(underWay.locationOf(await underWay.send(callback))).toBe(`${fixture.origin}/`)
    expect(await underWay.session()).not.toBeNull()
    // One process encrypts the tokens again, then the other reads them.
    fixture.time.offsetMs += 11 * minute
    expect(await recheckSession(fixture.services, origin, { id, issuer: fixture.issuer })).toBe('confirmed')
    answeredBy(begins)
    fixture.time.offsetMs += 11 * minute
    expect(await recheckSession(fixture.services, origin, { id, issuer: fixture.issuer })).toBe('confirmed')
    answeredBy(goesOn)
    expect((await signOut(browser)).searchParams.has('id_token_hint')).toBe(true)
  })

  test('replaced in one step, breaks pending sign-ins and loses the provider’s tokens of sessions', async () => {
    answeredBy({ secret: former, otherSecret: null })
    const underWay = fixture.browser()
    const callback = await underWay.reachCallback('alice')
    const { browser, id } = await signedIn('bob')
    answeredBy({ secret: next, otherSecret: null })
    expect(underWay.locationOf(await underWay.send(callback))).toContain('/sign-in?error=sign_in_expired')
    fixture.time.offsetMs = 11 * minute
    expect(await recheckSession(fixture.services, origin, { id, issuer: fixture.issuer })).toBe('unknown')
    expect(await browser.session()).not.toBeNull()
    expect((await signOut(browser)).searchParams.has('id_token_hint')).toBe(false)
  })

  test('a third secret decrypts nothing', async () => {
    answeredBy({ secret: freshSecret(), otherSecret: null })
    const forged = fixture.browser()
    const callback = await forged.reachCallback('alice')
    answeredBy({ secret: next, otherSecret: former })
    expect(forged.locationOf(await forged.send(callback))).toContain('/sign-in?error=sign_in_expired')
    expect(await forged.session()).toBeNull()
  })
})

describe('the client’s secret', () => {
  test('changes at the provider during sign-ins and repeated checks', async () => {
    const otherClientSecret = freshSecret()
    answeredBy({ otherClientSecret })
    const underWay = fixture.browser()
    const callback = await underWay.reachCallback('alice')
    const { id } = await signedIn('bob')

    await fixture.setClientSecret(otherClientSecret)
    expect(underWay.locationOf(await underWay.send(callback))).toBe(`${fixture.origin}/`)
    fixture.time.offsetMs = 11 * minute
    expect(await recheckSession(fixture.services, origin, { id, issuer: fixture.issuer })).toBe('confirmed')
    await signedIn('erin')

    // The last step, next to processes that have not taken it yet.
    answeredBy({ clientSecret: otherClientSecret, otherClientSecret: null })
    await signedIn('erin')
    fixture.time.offsetMs = 22 * minute
    expect(await recheckSession(fixture.services, origin, { id, issuer: fixture.issuer })).toBe('confirmed')
    await fixture.setClientSecret(configured.clientSecret)
  })

  test('that matches neither value signs no one in, and ends no session', async () => {
    const { browser, id } = await signedIn('bob')
    await fixture.setClientSecret(freshSecret())
    answeredBy({ otherClientSecret: freshSecret() })
    expect(await fixture.browser().signIn('alice')).toContain('/sign-in?error=provider_refused')
    fixture.time.offsetMs = 11 * minute
    expect(await recheckSession(fixture.services, origin, { id, issuer: fixture.issuer })).toBe('unknown')
    expect(await browser.session()).not.toBeNull()
    await fixture.setClientSecret(configured.clientSecret)
  })
})
