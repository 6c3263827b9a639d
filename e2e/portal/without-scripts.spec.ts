import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { test as base, expect } from '#e2e/fixtures/test.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { policyPage } from '#e2e/models/policy-page.ts'
import { requestPage } from '#e2e/models/request-page.ts'
import { fillProviderForm } from '#e2e/models/sign-in.ts'
import { spacePage } from '#e2e/models/space-page.ts'

const test = base.extend<{
  /** A page without scripts. @param username who is signed in there */
  plain: (username?: string) => Promise<Page>
}>({
  plain: async ({ browser, sessionOf }, use) => {
    const contexts: { close: () => Promise<void> }[] = []
    await use(async (username) => {
      const storageState = username === undefined ? undefined : await sessionOf(username)
      const context = await browser.newContext({ javaScriptEnabled: false, ...(storageState && { storageState }) })
      contexts.push(context)
      return context.newPage()
    })
    await Promise.all(contexts.map((context) => context.close()))
  },
})

test('without scripts, a person signs in, creates a space, uses it with kubectl, and signs out', async ({
  plain,
  stack,
  dir,
  kubectl,
}) => {
  test.setTimeout(120_000)
  const page = await plain()
  const name = uniqueName('plain')

  await test.step('sign in', async () => {
    await page.goto(stack.webUrl)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await fillProviderForm(page, { username: 'njord', password: 'njord' })
    await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible()
    await expect(page.getByText('JavaScript is off')).toBeVisible()
  })

  const form = newSpacePage(page)
  await test.step('a refused form shows the error, and keeps what was typed', async () => {
    await form.open(stack.webUrl)
    await form.fill({ name: 'Not a name', description: 'Kept as it was typed', size: 'M' })
    await form.createButton.click()
    await expect(form.name).toHaveAttribute('aria-invalid', 'true')
    await expect(form.name).toHaveValue('Not a name')
    await expect(form.description).toHaveValue('Kept as it was typed')
    await expect(page.getByRole('radio', { name: /^M\b/ })).toBeChecked()
  })

  const space = spacePage(page, stack.webUrl, name)
  await test.step('create a space', async () => {
    await form.fill({ name, size: 'S' })
    await form.createButton.click()
    await page.waitForURL(`**/spaces/${name}`)
    await expect(async () => {
      await space.open()
      await expect(space.status).toHaveText('Ready', { timeout: 1_000 })
    }).toPass({ timeout: 30_000 })
    await expect(page.getByText('Kept as it was typed')).toBeVisible()
  })

  await test.step('save a kubeconfig, which works', async () => {
    await space.open('connect')
    await page.getByRole('button', { name: 'Download kubeconfig' }).click()
    const link = page.getByRole('link', { name: new RegExp(`${name}.*\\.yaml$`) })
    const [saved] = await Promise.all([page.waitForEvent('download'), link.click()])
    const file = join(dir, 'kubeconfig.yaml')
    await saved.saveAs(file)
    expect(saved.suggestedFilename()).toContain(name)
    expect(await kubectl(file).ok(['auth', 'can-i', 'create', 'deployments'])).toContain('yes')
  })

  await test.step('change the description', async () => {
    await space.open('settings')
    await form.description.fill('Changed without scripts')
    await page.getByRole('form', { name: 'Details' }).getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('alert')).toContainText('saved', { ignoreCase: true })
    await expect(form.description).toHaveValue('Changed without scripts')
  })

  await test.step('sign out', async () => {
    await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
    await page.goto(`${stack.webUrl}/spaces/${name}`)
    await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible()
  })
})

test('without scripts, access is requested and denied, and a space beyond the limits is requested', async ({
  as,
  plain,
  seedSpace,
  stack,
}) => {
  const owner = await as('nanna')
  const name = uniqueName('plain-ask')
  await seedSpace(owner, { name })

  const page = await plain('njord')
  const url = await requestPage(page, stack.webUrl).askForRole({
    space: name,
    role: 'editor',
    lasts: '60',
    reason: 'Trying without scripts',
  })

  const decider = await plain('nanna')
  await decider.goto(url)
  await decider.getByRole('button', { name: 'Deny' }).click()
  await expect(decider.getByRole('textbox', { name: 'Reason' }), 'a reason is needed').toHaveAttribute(
    'aria-invalid',
    'true',
  )
  await requestPage(decider, stack.webUrl).deny('Not today')
  await page.reload()
  await expect(page.getByText('Not today')).toBeVisible()

  const form = newSpacePage(page)
  await form.open(stack.webUrl)
  const large = uniqueName('plain-large')
  await form.fill({ name: large, size: 'L' })
  await form.createButton.click()
  await expect(form.reason).toBeVisible()
  await expect(form.name).toHaveValue(large)
  await form.requestButton.click()
  await expect(form.reason, 'the reason is needed, and its field stays').toHaveAttribute('aria-invalid', 'true')
  await form.reason.fill('A load test')
  await form.requestButton.click()
  await page.waitForURL(/\/requests\/[0-9a-f-]{36}/)
  await expect(page.getByText('A load test')).toBeVisible()
})

test('without scripts, a refused policy keeps the group typed into its picker', async ({ plain, stack }) => {
  const policy = policyPage(await plain('carol'), stack.webUrl)
  await policy.open()
  await policy.roleDeciders.selectOption('A group')
  await policy.roleGroup.fill('platform-leads')
  await policy.roleApprovals.fill('9')
  await policy.previewButton.click()
  await expect(policy.roleApprovals).toHaveAttribute('aria-invalid', 'true')
  await expect(policy.roleDeciders).toHaveValue('group')
  await expect(policy.roleGroup).toHaveValue('platform-leads')
})

test('without scripts, no page is blank, and no form accepts text that it can’t send', async ({ plain, stack }) => {
  test.setTimeout(120_000)
  const page = await plain('carol')
  const main = page.getByRole('main')
  for (const path of ['/spaces/nope', '/admin/people/nobody-000000', '/requests/nope', '/nowhere']) {
    const answer = await page.goto(`${stack.webUrl}${path}`)
    expect(answer?.status(), path).toBe(404)
    await expect(page.getByRole('heading', { name: /not found/i }), path).toBeVisible()
    await expect(page.getByRole('link', { name: 'Go to spaces' }), path).toBeVisible()
  }
  const paths = [
    ...[
      '/',
      '/spaces/new',
      '/inbox',
      '/inbox/settings',
      '/requests',
      '/requests/open',
      '/requests/new',
      '/credentials',
      '/profile',
    ],
    ...['/admin', '/admin/people', '/admin/policy', '/admin/reviews', '/admin/clusters', '/admin/provisioning'],
    ...['/admin/credentials', '/audit', '/audit/exports', '/audit/integrity'],
  ]
  for (const path of paths) {
    await page.goto(`${stack.webUrl}${path}`)
    await expect(main.getByRole('heading', { level: 1 }), path).toBeVisible()
    const dead = main.locator('form[action^="javascript:"]:visible')
    for (const form of await dead.all()) await expect(form.getByText('This form needs JavaScript'), path).toBeVisible()
  }
})
