import type { Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { watchComplaints } from '#e2e/fixtures/complaints.ts'
import { corners, look } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { requestPage } from '#e2e/models/request-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

test.describe.configure({ mode: 'parallel' })

test('pages for auditors and deciders are accessible and fit the screen', async ({
  browser,
  sessionOf,
  as,
  stack,
  seedSpace,
}) => {
  test.setTimeout(360_000)
  const problems: string[] = []
  const asker = await as('abel')
  const name = uniqueName('large')
  const form = newSpacePage(asker)
  await form.open(stack.webUrl)
  await form.fill({ name, size: 'L', reason: 'A load test' })
  await form.requestButton.click()
  await asker.waitForURL(/\/requests\/[0-9a-f-]{36}/)

  const decider = await as('carol')
  await requestPage(decider, stack.webUrl).openWaiting(`New space ${name}, size L`)
  await expect(decider.getByRole('button', { name: 'Approve' })).toBeVisible()
  problems.push(...(await look(decider, 'request-decide')))
  const page = decider.url()
  await decider.goto(`${stack.webUrl}/requests`)
  problems.push(...(await look(decider, 'requests-waiting')))
  await requestPage(decider, stack.webUrl).openInbox()
  problems.push(...(await look(decider, 'inbox-waiting')))
  await decider.goto(page)
  await requestPage(decider, stack.webUrl).approve()
  problems.push(...(await look(decider, 'request-approved')))

  const asking = requestPage(asker, stack.webUrl)
  const owned = uniqueName('asked-for')
  await seedSpace(decider, { name: owned })
  await decider.goto(
    await asking.askForRole({ space: owned, role: 'admin', lasts: '10080', reason: 'On call this week' }),
  )
  await decider.locator('summary', { hasText: 'resources' }).click()
  problems.push(...(await look(decider, 'request-decide-role')))

  const context = await browser.newContext({ storageState: await sessionOf('dave') })
  const auditor = await context.newPage()
  await watchComplaints(auditor, problems)
  await auditor.goto(`${stack.webUrl}/audit`)
  await auditor.locator('summary').first().click()
  problems.push(...(await look(auditor, 'audit-of-an-auditor')))
  await auditor.goto(`${stack.webUrl}/audit?action=kubectl.exec&within=7d`)
  await auditor.getByRole('button', { name: 'Save this filter…' }).click()
  const saving = auditor.getByRole('dialog', { name: 'Save this filter' })
  problems.push(...(await look(auditor, 'audit-saving-a-filter', corners)))
  await saving.getByRole('textbox', { name: 'Name' }).fill('Commands run in pods around noon last Monday')
  await saving.getByRole('button', { name: 'Save' }).click()
  await expect(auditor.getByRole('list', { name: 'Saved filters' })).toBeVisible()
  problems.push(...(await look(auditor, 'audit-saved-filter')))
  await auditor.getByRole('button', { name: 'Edit saved filters…' }).click()
  problems.push(...(await look(auditor, 'audit-saved-filters-edited', corners)))
  // Dave signs in for all other tests.
  await auditor.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(auditor.getByRole('list', { name: 'Saved filters' })).toHaveCount(0)
  await context.close()
  expect(problems).toEqual([])
})

test('a webhook, its secret and its failures are accessible and fit the screen', async ({ as, stack }) => {
  test.setTimeout(360_000)
  const problems: string[] = []
  const page = await as('ayla')
  await page.goto(`${stack.webUrl}/inbox/settings`)
  const form = page.getByRole('form', { name: 'By webhook' })
  await form.getByRole('button', { name: 'Set up webhook' }).click()
  await expect(form.getByText('Paste the URL')).toBeVisible()
  problems.push(...(await look(page, 'webhook-error', corners)))
  await form.getByRole('textbox', { name: 'URL' }).fill('http://localhost:9/a/long/path')
  await form.getByRole('button', { name: 'Set up webhook' }).click()
  await expect(page.getByText(/^whsec_/)).toBeVisible()
  await page.getByRole('button', { name: 'Send a test' }).click()
  await expect(page.getByText('The test failed')).toBeVisible()
  problems.push(...(await look(page, 'webhook')))
  for (const button of ['Replace secret', 'Remove webhook']) {
    await page.getByRole('button', { name: button }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    problems.push(...(await look(page, `webhook-${button}`, corners)))
    await page.getByRole('button', { name: 'Cancel' }).click()
  }
  expect(problems).toEqual([])
})

test('failures, denials, dialogs and menus are accessible and fit the screen', async ({
  as,
  stack,
  sql,
  seedSpace,
}) => {
  test.setTimeout(360_000)
  const [owner, viewer, admin] = [await as('agnes'), await as('arno'), await as('carol')]
  const problems: string[] = []
  const see = async (page: Page, name: string) => problems.push(...(await look(page, name, corners)))
  const name = uniqueName('with-a-name-that-is-nearly-as-long-as-can-be')
  const space = spacePage(owner, stack.webUrl, name)
  const { webUrl } = stack
  await seedSpace(owner, { name })

  const access = accessPage(owner, webUrl, name)
  await access.open()
  await access.add({ who: 'arno@example.com', role: 'viewer' })
  for (const button of ['Change Arno Example', 'Remove Arno Example', 'Hand over']) {
    const dialog = owner.getByRole('dialog')
    await owner.getByRole('button', { name: button }).click()
    await expect(dialog).toBeVisible()
    await expect(dialog.getByRole('button', { name: 'Close' }), 'the main control comes first').not.toBeFocused()
    await see(owner, `dialog-${button}`)
    await owner.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await expect(owner.getByRole('button', { name: button })).toBeFocused()
  }
  await owner.getByRole('banner').getByRole('button', { name: 'Agnes Example' }).click()
  await expect(owner.getByRole('menuitem', { name: 'Profile' })).toBeFocused()
  await see(owner, 'menu')

  await space.open('connect')
  await owner.getByRole('button', { name: 'Download kubeconfig' }).click()
  await expect(owner.getByRole('alert').filter({ hasText: 'downloaded' })).toBeVisible()
  await see(owner, 'kubeconfig-downloaded')
  await owner.goto(`${webUrl}/credentials`)
  await owner.getByRole('button', { name: `Revoke the kubeconfig for ${name}` }).click()
  await see(owner, 'dialog-revoke')

  for (const view of ['access', 'settings'] as const) {
    await viewer.goto(`${webUrl}/spaces/${name}/${view}`)
    await expect(viewer.getByRole('button', { name: 'Request access' })).toBeVisible()
    await see(viewer, `space-${view}-of-a-viewer`)
  }
  for (const view of ['', '/connect']) {
    await admin.goto(`${webUrl}/spaces/${name}${view}`)
    await expect(admin.getByRole('button', { name: 'Request access' })).toBeVisible()
    await see(admin, `space${view.replace('/', '-')}-of-an-admin`)
  }
  await viewer.goto(`${webUrl}/requests/new`)
  await viewer.getByRole('button', { name: 'Request access' }).click()
  await expect(viewer.getByRole('alert').filter({ hasText: 'need your attention' })).toBeFocused()
  await see(viewer, 'form-with-errors')

  // As left by a process that ended before it created the namespace, which another one then created.
  await sql(
    `UPDATE space SET status = 'failed', namespace_uid = NULL, creation = 'another', observed_generation = 0 WHERE name = $1`,
    [name],
  )
  await space.open()
  await owner.getByRole('button', { name: 'Retry' }).click()
  await expect(owner.getByRole('main')).toContainText('A namespace with this name already exists')
  await expect(space.status).toHaveText('Failed')
  problems.push(...(await look(owner, 'space-failed')))
  expect(problems).toEqual([])
})

test('notices of a platform admin’s actions, and offers, are accessible and fit the screen for both sides', async ({
  as,
  stack,
  seedSpace,
}) => {
  test.setTimeout(360_000)
  const [owner, newOwner, admin] = [await as('amir'), await as('asta'), await as('carol')]
  const name = uniqueName('a-rather-long-name-to-offer')
  const problems: string[] = []
  await newOwner.goto(stack.webUrl)
  await seedSpace(owner, { name, description: 'Payments of the web shop' })

  await accessPage(admin, stack.webUrl, name).open()
  await admin.getByRole('button', { name: 'Add member' }).click()
  const dialog = admin.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Person or group' }).fill('asta@example.com')
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Amir is on leave until March, and the release is due.')
  problems.push(...(await look(admin, 'admin-add-member', corners)))
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(dialog).toHaveCount(0)
  problems.push(...(await look(admin, 'admin-access', corners)))

  await spacePage(owner, stack.webUrl, name).open()
  await expect(owner.getByRole('list', { name: 'Notices' })).toContainText('on leave')
  problems.push(...(await look(owner, 'notice-space', corners)))
  await accessPage(owner, stack.webUrl, name).open()
  await owner.getByRole('button', { name: 'Hand over' }).click()
  await owner.getByRole('dialog').getByRole('combobox', { name: 'New owner' }).fill('asta@example.com')
  await expect(
    owner
      .getByRole('dialog')
      .getByText(/Asta Example/)
      .first(),
  ).toBeVisible()
  problems.push(...(await look(owner, 'offer-dialog', corners)))
  await owner.getByRole('dialog').getByRole('button', { name: 'Offer', exact: true }).click()
  await expect(owner.getByText(/^Offered to/).first()).toBeVisible()
  problems.push(...(await look(owner, 'offer-access')))
  await owner.goto(stack.webUrl)
  problems.push(...(await look(owner, 'notice-spaces', corners)))

  await newOwner.goto(stack.webUrl)
  await expect(newOwner.getByRole('list', { name: 'Offers' })).toContainText(name)
  problems.push(...(await look(newOwner, 'offer-spaces')))
  expect(problems).toEqual([])
})
