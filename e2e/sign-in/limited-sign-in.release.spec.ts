import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { openPartner } from '#e2e/fixtures/partner.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { fillProviderForm } from '#e2e/models/sign-in.ts'

test('the sign-in page tells a refused person where to ask, and a person named in the configuration is a platform admin', async ({
  browser,
  sql,
  webWith,
}) => {
  test.setTimeout(180_000)
  const limits = { signInGroups: ['team-blue'], signInDomains: ['example.com'], admins: ['alice@example.com'] }
  const provider = await openPartner(limits)
  const help = 'https://wiki.example.com/spaceport'
  const webUrl = await webWith({ ...provider.settings, SPACEPORT_HELP_URL: help })
  const idp = await provider.start(webUrl)
  const signIn = async (username: string) => {
    const page = await (await browser.newContext()).newPage()
    await page.goto(`${webUrl}/profile`)
    await page.getByRole('button', { name: 'Sign in with Partner Ltd' }).click()
    await fillProviderForm(page, { username, password: username })
    return page
  }
  try {
    const stranger = await signIn('erin')
    await expect(stranger).toHaveURL(/\/sign-in\?error=sign_in_group/)
    await expect(stranger.getByText('You are not signed in')).toBeVisible()
    await expect(stranger.getByText(/^Only members of certain groups can sign in here/)).toBeVisible()
    await expect(stranger.getByRole('link', { name: 'Get help' })).toHaveAttribute('href', help)
    const problems = await lookBeforeRelease(stranger, 'sign-in-limited')
    await stranger.goto(`${webUrl}/sign-in?error=sign_in_domain`)
    await expect(stranger.getByText(/^Only people with an email address of certain domains/)).toBeVisible()
    problems.push(...(await lookBeforeRelease(stranger, 'sign-in-limited-domain', corners)))
    await stranger.goto(`${webUrl}/profile`)
    await expect(stranger, 'no session began').toHaveURL(/\/sign-in/)
    await stranger.context().close()

    const named = await signIn('alice')
    await expect(named).toHaveURL(`${webUrl}/profile`)
    await expect(named.getByText('You have it because Spaceport’s configuration names you.')).toBeVisible()
    await expect(named.getByRole('button', { name: 'Copy your subject' })).toBeVisible()
    problems.push(...(await lookBeforeRelease(named, 'profile-named', corners)))
    const accounts = await sql('SELECT name FROM user_account WHERE issuer = $1', [provider.issuer])
    expect(accounts, 'the stranger has no account').toEqual([{ name: 'Alice Example' }])
    await named.context().close()
    expect(problems).toEqual([])
  } finally {
    await idp.stop()
    provider.close()
  }
})
