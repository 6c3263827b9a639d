import type { Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { watchComplaints } from '#e2e/fixtures/complaints.ts'
import { deployment } from '#e2e/fixtures/deployment.ts'
import { corners, look } from '#e2e/fixtures/look.ts'
import { pageRoutes } from '#e2e/fixtures/routes.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { requestPage } from '#e2e/models/request-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

/** Pages for every signed-in person, and those of a space. */
const plainRoutes = pageRoutes.filter(
  (route) => !route.includes('[') && !route.startsWith('/sign-in') && route !== '/profile/admin-role',
)
const spaceViews = pageRoutes.flatMap((route) => /^\/spaces\/\[name\]\/(.+)$/.exec(route)?.[1] ?? [])
const nameOf = (route: string) => route.slice(1).replaceAll('/', '-') || 'spaces'

test('every page is covered: it is plain, belongs to a space, or has its own test', () => {
  const others = pageRoutes.filter((route) => !plainRoutes.includes(route) && !route.startsWith('/spaces/[name]'))
  expect(others).toEqual([
    '/admin/people/[handle]',
    '/admin/people/[handle]/offboard',
    '/admin/reviews/[id]',
    // audit-around.spec
    '/audit/credentials/[id]',
    '/audit/events/[id]',
    '/audit/people/[handle]',
    '/audit/spaces/[id]',
    // Where the role must be activated: break-glass.spec.
    '/profile/admin-role',
    '/requests/[id]',
    '/sign-in',
    '/sign-in/break-glass',
  ])
})

// The longest spec: its tests run in parallel on all workers, so each uses its own person.
test.describe.configure({ mode: 'parallel' })

test('signed-out pages are accessible and fit the screen: sign-in, its errors, the provider’s form', async ({
  nobody,
  stack,
}) => {
  test.setTimeout(240_000)
  const problems: string[] = []
  await nobody.goto(`${stack.webUrl}/sign-in`)
  problems.push(...(await look(nobody, 'sign-in')))
  await nobody.goto(`${stack.webUrl}/sign-in?error=access_denied`)
  problems.push(...(await look(nobody, 'sign-in-error')))
  await nobody.goto(`${stack.webUrl}/sign-in/break-glass?error=break_glass_refused`)
  problems.push(...(await look(nobody, 'sign-in-break-glass')))
  await nobody.goto(`${stack.webUrl}/sign-in`)
  await nobody.getByRole('button', { name: 'Sign in' }).click()
  await expect(nobody.getByLabel('Password')).toBeVisible()
  problems.push(...(await look(nobody, 'identity-provider')))
  expect(problems).toEqual([])
})

test('each page of a space is accessible and fits the screen, with a member, workloads and dialogs', async ({
  as,
  stack,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(360_000)
  const page = await as('axel')
  const name = uniqueName('a-rather-long-name-for-a-space')
  const space = spacePage(page, stack.webUrl, name)
  const problems: string[] = []
  await page.goto(stack.webUrl)
  problems.push(...(await look(page, 'spaces-empty')))
  await seedSpace(page, {
    name,
    description: 'Payments of the web shop: staging, with a copy of last night’s data',
  })
  const mine = await kubectlFor(page, name)
  await mine.ok(['apply', '-f', '-'], { input: deployment('checkout', 3) })
  await mine.ok(['rollout', 'status', 'deployment/checkout', '--timeout=40s'])
  const access = accessPage(page, stack.webUrl, name)
  await access.open()
  await access.add({ who: 'group:team-blue', role: 'admin', lastDay: '2030-01-31' })

  await space.open()
  await expect(page.getByRole('table', { name: 'Workloads' })).toContainText('3 of 3')
  problems.push(...(await look(page, 'space')))
  for (const view of spaceViews) {
    await space.open(view)
    await expect(space.status).toBeVisible()
    problems.push(...(await look(page, `space-${view}`)))
  }
  await space.open('settings')
  await page.getByRole('button', { name: 'Delete space' }).click()
  problems.push(...(await look(page, 'space-delete-dialog')))
  await access.open()
  await page.getByRole('button', { name: 'Add member' }).click()
  problems.push(...(await look(page, 'space-add-member-dialog')))
  await space.open('connect')
  await expect(space.status).toBeVisible()
  expect(problems).toEqual([])
})

test('lists, forms and requests are accessible and fit the screen', async ({ as, stack, seedSpace }) => {
  test.setTimeout(360_000)
  const page = await as('ada')
  const problems: string[] = []
  await seedSpace(page, { name: uniqueName('listed'), description: 'One among many' })
  const visit = async (path: string, name: string) => {
    await page.goto(`${stack.webUrl}${path}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
    problems.push(...(await look(page, name, corners)))
  }
  const form = newSpacePage(page)
  await form.open(stack.webUrl)
  await form.fill({ name: 'kube-system', size: 'L', reason: 'Because' })
  await expect(page.getByText(/reserved/).first()).toBeVisible()
  problems.push(...(await look(page, 'new-space')))
  await requestPage(page, stack.webUrl).askForRole({
    space: uniqueName('unknown'),
    role: 'admin',
    lasts: '1440',
    reason: 'On call this week, and have to see why checkout fails',
  })
  await expect(page.getByRole('heading', { level: 1, name: /You ask to be admin/ })).toBeVisible()
  problems.push(...(await look(page, 'request-own')))
  // Members see the same refusal on each admin page.
  const refused = plainRoutes.filter((route) => route.startsWith('/admin')).slice(1)
  for (const route of plainRoutes.filter((each) => !refused.includes(each))) await visit(route, nameOf(route))
  await visit('/spaces/nowhere', 'no-such-space')
  await visit('/no-such-page', 'not-found')
  expect(problems).toEqual([])
})

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
  await saving.getByRole('textbox', { name: 'Name' }).fill('Commands in pods that somebody ran around noon')
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

test('pages for platform admins are accessible and fit the screen', async ({ as, stack }) => {
  test.setTimeout(360_000)
  const admin = await as('carol')
  const problems: string[] = []
  for (const route of plainRoutes) {
    await admin.goto(`${stack.webUrl}${route}`)
    problems.push(...(await look(admin, `${nameOf(route)}-of-an-admin`, corners)))
  }
  await admin.setViewportSize({ width: 360, height: 780 })
  await admin.goto(`${stack.webUrl}/admin/provisioning`)
  for (const name of ['Admin', 'Provisioning'])
    await expect(admin.getByRole('link', { name, exact: true }), name).toBeInViewport({ ratio: 0.9 })
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
  await expect(viewer.getByRole('alert').filter({ hasText: 'marked' })).toBeFocused()
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
