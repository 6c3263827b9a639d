import { watchComplaints } from '#e2e/fixtures/complaints.ts'
import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { fillProviderForm, signIn, signOut } from '#e2e/models/sign-in.ts'
import { people, seedPeople } from '#e2e/setup/people.ts'

test('the authorization request has PKCE, state, nonce and the portal’s own redirect URI', async ({
  nobody,
  stack,
}) => {
  await nobody.goto(stack.webUrl)
  const asked = nobody.waitForRequest((request) => request.url().startsWith(`${stack.idpUrl}/auth?`))
  await nobody.getByRole('button', { name: 'Sign in' }).click()
  const query = new URL((await asked).url()).searchParams
  expect(query.get('response_type')).toBe('code')
  expect(query.get('code_challenge_method')).toBe('S256')
  expect(query.get('code_challenge')?.length).toBeGreaterThanOrEqual(43)
  expect(query.get('state')?.length).toBeGreaterThanOrEqual(20)
  expect(query.get('nonce')?.length).toBeGreaterThanOrEqual(20)
  expect(query.get('redirect_uri')).toBe(`${stack.webUrl}/api/auth/callback/oidc`)
})

test('sign-in and sign-out work with a provider that redirects through another origin, as brokers do', async ({
  browser,
  stack,
}) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const complaints: string[] = []
  await watchComplaints(page, complaints)
  await signIn(page, stack.webUrl, { username: 'ines', password: 'ines' })
  const policy = (await page.request.get(stack.webUrl)).headers()['content-security-policy'] ?? ''
  expect(/form-action ([^;]*)/.exec(policy)?.[1]).toBe(`'self'`)
  await signOut(page, 'Ines Example')
  await expect(page.getByText('Your session here and at the identity provider has ended.')).toBeVisible()
  const elsewhere = `${stack.idpUrl.replace('localhost', '127.0.0.1')}/hop`
  // The other origin's own cookie: a browser may not report each redirect between origins.
  expect((await context.cookies(elsewhere)).map(({ name }) => name).sort()).toEqual(['hop-in', 'hop-out'])
  expect(complaints).toEqual([])
  await context.close()
})

test('sign-in returns to the requested page, always on the portal’s origin', async ({ browser, stack }) => {
  test.setTimeout(180_000)
  for (const [asked, path] of [
    ['/requests', '/requests'],
    ['https://evil.example/', '/'],
    ['//evil.example/', '/'],
    ['/\\evil.example', '/'],
    ['\\\\evil.example', '/'],
    ['/%09/evil.example', null],
    ['javascript:alert(1)', '/'],
    [`${stack.webUrl}@evil.example/`, '/'],
    ['https:evil.example', '/'],
  ] as const) {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${stack.webUrl}/sign-in?callbackUrl=${encodeURIComponent(asked)}`)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await fillProviderForm(page, { username: 'ines', password: 'ines' })
    await expect(page.getByRole('banner'), asked).toBeVisible()
    const landed = new URL(page.url())
    expect(landed.origin, asked).toBe(stack.webUrl)
    if (path !== null) expect(landed.pathname, asked).toBe(path)
    await context.close()
  }
})

test('the session cookie is HttpOnly, SameSite=Lax and only for this host, and scripts can’t see it', async ({
  browser,
  stack,
}) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await signIn(page, stack.webUrl, { username: 'ines', password: 'ines' })
  const cookies = (await context.cookies()).filter(({ name }) => name.startsWith('spaceport-'))
  const session = cookies.find(({ name }) => name === 'spaceport-session')
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', domain: 'localhost' })
  for (const { httpOnly, sameSite } of cookies)
    expect({ httpOnly, sameSite }).toEqual({ httpOnly: true, sameSite: 'Lax' })
  expect(await page.evaluate(() => document.cookie)).toBe('')
  await context.close()
})

test('the provider explains a wrong password, and the portal a refused sign-in', async ({ nobody, stack }) => {
  await nobody.goto(stack.webUrl)
  await nobody.getByRole('button', { name: 'Sign in' }).click()
  await fillProviderForm(nobody, { username: 'ines', password: 'wrong' })
  await expect(nobody.getByRole('alert')).toBeVisible()

  await nobody.goto(`${stack.webUrl}/api/auth/callback/oidc?error=access_denied&state=x`)
  await expect(nobody.getByRole('main')).toContainText('You are not signed in')
  await expect(nobody.getByRole('button', { name: 'Sign in' })).toBeVisible()
})

test('signing out ends the session here and at the provider', async ({ browser, stack }) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await signIn(page, stack.webUrl, { username: 'ines', password: 'ines' })
  const cookies = await context.cookies()
  await signOut(page, 'Ines Example')
  await expect(
    page.getByRole('heading', { name: 'You are signed out' }).or(page.getByText('You are signed out')),
  ).toBeVisible()

  await expect(page.getByText('here and at the identity provider has ended')).toBeVisible()
  const signedOutUrl = page.url()

  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByLabel('Password'), 'the provider asks again').toBeVisible()

  const other = await browser.newContext()
  const elsewhere = await other.newPage()
  await elsewhere.goto(signedOutUrl)
  await expect(elsewhere.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await expect(elsewhere.getByText('You are signed out'), 'a browser that never left').toHaveCount(0)
  await other.close()

  const stolen = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const answer = await fetch(stack.webUrl, { headers: { cookie: stolen }, redirect: 'manual' })
  expect(answer.headers.get('location') ?? '').toContain('/sign-in')
  await context.close()
})

test('after a session ends, the page shows no name, explains why, and sign-in returns to the same page', async ({
  browser,
  stack,
  sql,
}) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await signIn(page, stack.webUrl, { username: 'ines', password: 'ines' })
  // Not on a page that refreshes itself, and may lead to sign-in first.
  await page.goto(`${stack.webUrl}/profile`)
  await sql(
    `update session set expires_at = created_at where user_id = (select id from user_account where email = 'ines@example.com')`,
  )
  await page.getByRole('link', { name: 'Credentials' }).click()
  await expect(page.getByText('Your session has ended')).toBeVisible()
  await expect(page.getByText('Ines Example')).toHaveCount(0)
  await expect(page.getByRole('banner')).toHaveCount(0)

  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Credentials', level: 1 })).toBeVisible()
  await expect(page.getByRole('banner').getByRole('button', { name: 'Ines Example' })).toBeVisible()
  await context.close()
})

test('a deactivated person loses the session at the next request', async ({ as, stack, sql }) => {
  const page = await as('dina')
  await page.goto(stack.webUrl)
  await expect(page.getByRole('heading', { name: 'Your spaces', exact: true })).toBeVisible()
  await sql(`update user_account set deactivated_at = now() where email = 'dina@example.com'`)
  await page.reload()
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()

  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('main')).toContainText(/deactivated/)
})

test('groups come from the last sign-in: gained, lost, and none without the claim', async ({ browser, stack }) => {
  const gus = people.find(({ username }) => username === 'gus')
  const groupsAtSignIn = async (): Promise<string | null> => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await signIn(page, stack.webUrl, { username: 'gus', password: 'gus' })
    await page.goto(`${stack.webUrl}/profile`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    const text = await page.getByRole('main').textContent()
    await context.close()
    return text
  }
  try {
    expect(await groupsAtSignIn()).toContain('team-red')
    seedPeople(stack.peopleFile, [{ username: 'gus', groups: ['team-violet', 'auditors'] }])
    const second = await groupsAtSignIn()
    expect(second).toContain('team-violet')
    expect(second).not.toContain('team-red')
    expect(second).toContain('Platform roleAuditor')
    seedPeople(stack.peopleFile, [{ username: 'gus', groups: null }])
    const third = await groupsAtSignIn()
    expect(third).toContain('The identity provider lists no groups for you.')
    expect(third).not.toMatch(/team-|Platform roleAuditor/)
  } finally {
    seedPeople(stack.peopleFile, gus ? [gus] : [])
  }
})

test('during a session, leaving a group takes effect soon, and a person unknown to the provider is signed out', async ({
  browser,
  stack,
  sql,
}) => {
  const gus = people.find(({ username }) => username === 'gus')
  const askedLongAgo = () =>
    sql(`UPDATE session SET rechecked_at = now() - interval '1 hour' FROM user_account u
      WHERE u.id = session.user_id AND u.handle LIKE 'gus-%'`)
  const context = await browser.newContext()
  const page = await context.newPage()
  try {
    await signIn(page, stack.webUrl, { username: 'gus', password: 'gus' })
    await page.goto(`${stack.webUrl}/profile`)
    await expect(page.getByRole('main')).toContainText('team-red')
    seedPeople(stack.peopleFile, [{ username: 'gus', groups: ['team-violet'] }])
    await askedLongAgo()
    // The provider is asked in parallel with the first response, which doesn't wait.
    await expect(async () => {
      await page.reload()
      await expect(page.getByRole('main')).toContainText('team-violet', { timeout: 1_000 })
    }).toPass()
    await expect(page.getByRole('main')).not.toContainText('team-red')

    seedPeople(stack.peopleFile, [{ username: 'gus', sub: 'somebody-else' }])
    await askedLongAgo()
    await expect(async () => {
      await page.goto(`${stack.webUrl}/profile`)
      await expect(page).toHaveURL(/\/sign-in/, { timeout: 1_000 })
    }).toPass()
  } finally {
    seedPeople(stack.peopleFile, gus ? [gus] : [])
    await context.close()
  }
})

test('a person with suspended groups sees it on every page, and returns to the same page after signing in', async ({
  browser,
  stack,
  sql,
}) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await signIn(page, stack.webUrl, { username: 'gus', password: 'gus' })
  await sql(`UPDATE user_account SET groups_verified_at = now() - interval '25 hours' WHERE handle LIKE 'gus-%'`)
  await page.goto(`${stack.webUrl}/profile`)
  await expect(page.getByRole('main')).not.toContainText('team-red')
  await expect(page.getByRole('main')).toContainText('Your roles from groups are suspended until you sign in again')
  expect(await lookBeforeRelease(page, 'paused-groups', corners)).toEqual([])
  await page.getByRole('button', { name: 'Sign in again' }).click()
  await expect(page.getByRole('main')).toContainText('team-red')
  await expect(page).toHaveURL(`${stack.webUrl}/profile`)
  await expect(page.getByText('are suspended until you sign in again')).toHaveCount(0)
  await context.close()
})
