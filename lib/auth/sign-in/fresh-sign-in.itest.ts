import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openSignInFixture } from '#dev/testing/fixtures/sign-in-fixture.ts'

type Fixture = Awaited<ReturnType<typeof openSignInFixture>>
type Browser = ReturnType<Fixture['browser']>

let fixture: Fixture
beforeAll(async () => {
  fixture = await openSignInFixture()
  fixture.setPeople([{ username: 'fay' }, { username: 'fred' }])
})
afterEach(() => {
  fixture.time.offsetMs = 0
})
afterAll(() => fixture?.close())

const minute = 60_000

/**
 * Begins a fresh sign-in.
 * @returns the provider's URL
 */
const begin = async (browser: Browser) =>
  new URL(
    await browser.goesOnTo(
      await browser.send(`${fixture.origin}/api/auth/signin/oidc`, {
        form: { callbackUrl: '/credentials?hours=720', fresh: '1' },
      }),
    ),
  )

/**
 * Completes the sign-in at the provider.
 * @returns its callback URL, and whether it asked for a password
 */
async function follow(browser: Browser, from: URL, person: string): Promise<{ callback: string; asked: boolean }> {
  let [at, asked] = [from.href, false]
  for (let hop = 0; hop < 10 && at.startsWith(fixture.issuer); hop++) {
    const interaction = new URL(at).pathname.startsWith('/interaction/')
    asked ||= interaction
    at = browser.locationOf(await browser.send(at, interaction ? { form: { username: person, password: person } } : {}))
  }
  return { callback: at, asked }
}
const finish = async (browser: Browser, callback: string) => browser.locationOf(await browser.send(callback))
const authenticatedAt = async (browser: Browser): Promise<Date | null> =>
  (
    await fixture.owner.query('SELECT authenticated_at AS at FROM session WHERE id = $1', [
      (await browser.session())?.id,
    ])
  ).rows[0]?.at

test('a fresh sign-in asks for the password, returns to the chosen page, and is timed in the session', async () => {
  const browser = fixture.browser()
  await browser.signIn('fay')
  const before = await browser.session()
  expect(await authenticatedAt(browser), 'not requested').toBeNull()
  const url = await begin(browser)
  expect(Object.fromEntries(url.searchParams)).toMatchObject({ prompt: 'login', max_age: '0' })
  const { callback, asked } = await follow(browser, url, 'fay')
  expect(asked).toBe(true)
  expect(await finish(browser, callback)).toBe(`${fixture.origin}/credentials?hours=720`)
  const after = await browser.session()
  expect(after?.id).not.toBe(before?.id)
  expect(after?.actor.sessionId).toBe(after?.id)
  expect(Date.now() - Number(await authenticatedAt(browser))).toBeLessThan(minute)
})

test('a fresh sign-in without auth_time is refused with its own message, and the old session stays', async () => {
  const browser = fixture.browser()
  await browser.signIn('fay')
  const before = await browser.session()
  const url = await begin(browser)
  // As read by a provider that supports neither parameter.
  url.searchParams.delete('prompt')
  url.searchParams.delete('max_age')
  const { callback, asked } = await follow(browser, url, 'fay')
  expect(asked).toBe(false)
  const landed = new URL(await finish(browser, callback))
  expect(landed.pathname).toBe('/sign-in')
  expect(Object.fromEntries(landed.searchParams)).toEqual({
    error: 'auth_time_missing',
    callbackUrl: '/credentials?hours=720',
  })
  expect((await browser.session())?.id).toBe(before?.id)
  expect(await authenticatedAt(browser)).toBeNull()
})

test('an old sign-in is refused, and so is one with a time in the future', async () => {
  for (const offsetMs of [11 * minute, -5 * minute]) {
    const browser = fixture.browser()
    await browser.signIn('fay')
    const before = await browser.session()
    const url = await begin(browser)
    url.searchParams.delete('prompt')
    url.searchParams.set('max_age', '86400')
    const { callback } = await follow(browser, url, 'fay')
    fixture.time.offsetMs = offsetMs
    expect(new URL(await finish(browser, callback)).searchParams.get('error')).toBe('not_fresh')
    fixture.time.offsetMs = 0
    expect((await browser.session())?.id).toBe(before?.id)
  }
})

test('a provider clock slightly ahead doesn’t make a sign-in fresh for longer', async () => {
  const browser = fixture.browser()
  const { callback } = await follow(browser, await begin(browser), 'fay')
  fixture.time.offsetMs = -45_000
  expect(new URL(await finish(browser, callback)).pathname).toBe('/credentials')
  expect((await authenticatedAt(browser))?.getTime()).toBeLessThanOrEqual(Date.now() - 40_000)
})

test('the answer to a fresh sign-in can’t be used twice or in another person’s browser, and leaves that session unchanged', async () => {
  const [browser, other] = [fixture.browser(), fixture.browser()]
  await other.signIn('fred')
  const theirs = await other.session()
  const { callback } = await follow(browser, await begin(browser), 'fay')
  const cookies = new Map(browser.cookies)
  expect(new URL(await finish(other, callback)).searchParams.get('error')).toBe('sign_in_expired')
  expect((await other.session())?.id).toBe(theirs?.id)
  expect(await authenticatedAt(other)).toBeNull()
  await finish(browser, callback)
  const replayed = fixture.browser()
  for (const [name, value] of cookies) replayed.cookies.set(name, value)
  expect(new URL(await finish(replayed, callback)).pathname).toBe('/sign-in')
  expect(await replayed.session()).toBeNull()
})
