import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { startForwardProxy } from '#e2e/fixtures/forward-proxy.ts'
import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { openPartner } from '#e2e/fixtures/partner.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { requestPage } from '#e2e/models/request-page.ts'
import { fillProviderForm } from '#e2e/models/sign-in.ts'
import { spacePage } from '#e2e/models/space-page.ts'

test('with two providers, each has a button, and people can sign in at one while the other is down', async ({
  as,
  browser,
  webWith,
}) => {
  test.setTimeout(180_000)
  const provider = await openPartner()
  const { issuer } = provider
  // Web is ready although that provider doesn't answer yet.
  const webUrl = await webWith({ ...provider.settings, OIDC_NAME: 'Example Inc.' })
  const context = await browser.newContext()
  const page = await context.newPage()
  const partner = page.getByRole('button', { name: 'Sign in with Partner Ltd' })
  try {
    await page.goto(`${webUrl}/profile`)
    await expect(page.getByRole('button', { name: /^Sign in/ })).toHaveText([
      'Sign in with Example Inc.',
      'Sign in with Partner Ltd',
    ])
    expect(await lookBeforeRelease(page, 'sign-in-several')).toEqual([])
    await partner.click()
    await expect(page.getByText('You are not signed in')).toBeVisible()
    const idp = await provider.start(webUrl)
    try {
      await partner.click()
      await page.waitForURL(`${issuer}/**`)
      await fillProviderForm(page, { username: 'alice', password: 'alice' })
      await expect(page).toHaveURL(`${webUrl}/profile`)
      await expect(page.getByText(`From the identity provider Partner Ltd (${issuer}).`)).toBeVisible()

      const owner = await as('selma')
      const name = uniqueName('several')
      await newSpacePage(owner).create(webUrl, { name })
      await spacePage(owner, webUrl, name).waitUntilReady()
      const asks = requestPage(page, webUrl)
      const request = await asks.askForRole({ space: name, role: 'viewer', lasts: 'open', reason: 'We work on it too' })
      const decides = requestPage(owner, webUrl)
      await decides.openInbox()
      await expect(decides.waiting.getByRole('row').filter({ hasText: name })).toContainText('from Partner Ltd')
      const problems = await lookBeforeRelease(owner, 'requests-several', corners)
      await owner.goto(request)
      await expect(owner.getByRole('heading', { level: 1 })).toContainText('Alice Example from Partner Ltd (')
      await expect(owner.getByText('from Partner Ltd', { exact: true })).toBeVisible()
      problems.push(...(await lookBeforeRelease(owner, 'request-several', corners)))
      await decides.approve()
      const access = accessPage(owner, webUrl, name)
      await access.open()
      await expect(access.members.getByRole('row').filter({ hasText: 'Alice Example' })).toContainText(
        'from Partner Ltd',
      )
      problems.push(...(await lookBeforeRelease(owner, 'members-several', corners)))
      await owner.getByRole('button', { name: 'Hand over' }).click()
      await owner.getByRole('combobox', { name: 'New owner' }).pressSequentially('alice')
      await expect(owner.getByRole('option').filter({ hasText: 'from Partner Ltd' })).toHaveCount(1)
      expect(problems).toEqual([])
    } finally {
      await idp.stop()
    }
  } finally {
    await context.close()
    provider.close()
  }
})

test('an external provider is reached through the configured proxy, and internal services directly', async ({
  browser,
  stack,
  webWith,
}) => {
  test.setTimeout(120_000)
  const [provider, proxy] = [await openPartner(), await startForwardProxy()]
  const [outside, inside] = [new URL(provider.issuer).host, new URL(stack.idpUrl).host]
  const webUrl = await webWith({
    ...provider.settings,
    ...{ NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url },
    // Next requests the page that an action redirects to from itself.
    NO_PROXY: `${inside},127.0.0.1`,
  })
  const idp = await provider.start(webUrl)
  const context = await browser.newContext()
  const page = await context.newPage()
  try {
    await expect(async () => {
      // Web started while the provider was down.
      await page.goto(`${webUrl}/profile`)
      await page.getByRole('button', { name: 'Sign in with Partner Ltd' }).click()
      await page.waitForURL(`${provider.issuer}/**`, { timeout: 5_000 })
    }).toPass()
    await fillProviderForm(page, { username: 'alice', password: 'alice' })
    await expect(page).toHaveURL(`${webUrl}/profile`)
    // Only discovery, keys and the code; API servers are reached directly.
    expect(new Set(proxy.tunnels)).toEqual(new Set([outside]))
    const name = uniqueName('proxied')
    await newSpacePage(page).create(webUrl, { name })
    await spacePage(page, webUrl, name).waitUntilReady()
    expect(new Set(proxy.tunnels)).toEqual(new Set([outside]))
  } finally {
    await context.close()
    await idp.stop()
    await proxy.stop()
    provider.close()
  }
})
