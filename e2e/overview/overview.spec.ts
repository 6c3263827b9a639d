import type { Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'

const section = (page: Page, name: string) => page.getByRole('region', { name })

test('an admin sees a failed space and a waiting request, and follows their links', async ({
  as,
  stack,
  sql,
  seedRequest,
  seedSpace,
}) => {
  test.setTimeout(240_000)
  const problems: string[] = []
  const owner = await as('oona')
  const name = uniqueName('broken')
  await seedSpace(owner, { name })
  // As left by a process that died before it created the namespace, which someone else then created.
  await sql(
    `UPDATE space SET status = 'failed', namespace_uid = NULL, creation = 'another', observed_generation = 0 WHERE name = $1`,
    [name],
  )
  const asked = uniqueName('wished')
  const reason = `To see why ${asked} fails`
  const request = await seedRequest(await as('orla'), { space: name, role: 'viewer', minutes: 1_440, reason })
  await sql(`UPDATE request SET created_at = now() - interval '2 days' WHERE id = $1`, [request.split('/').at(-1)])

  const admin = await as('carol')
  await admin.goto(stack.webUrl)
  const rail = admin.getByRole('navigation', { name: 'Administration' })
  await rail.getByRole('link', { name: 'Overview' }).click()
  await expect(admin.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  await expect(rail.locator('[aria-current]')).toHaveText('Overview')
  problems.push(...(await lookBeforeRelease(admin, 'overview')))

  await section(admin, 'Needs attention')
    .getByRole('link', { name: /spaces? failed\.$/ })
    .click()
  await admin.waitForURL('**/?status=failed')
  await expect(
    admin.getByRole('table', { name: 'Spaces' }).getByRole('rowheader').filter({ hasText: name }),
  ).toBeVisible()
  await admin.goBack()
  await section(admin, 'Needs attention')
    .getByRole('link', { name: /waited for more than a day\.$/ })
    .click()
  await admin.waitForURL('**/requests/open?age=day')
  await expect(admin.getByRole('heading', { level: 1, name: 'Requests' })).toBeVisible()
  const row = admin.getByRole('table', { name: 'Open requests' }).getByRole('row').filter({ hasText: asked })
  await expect(row).toBeVisible()
  problems.push(...(await lookBeforeRelease(admin, 'requests-open-for-a-day')))
  await row.getByRole('link').click()
  await expect(admin).toHaveURL(request)

  await rail.getByRole('link', { name: 'Overview' }).click()
  await section(admin, 'Requests')
    .getByRole('link', { name: /^[\d,]+ waiting$/ })
    .click()
  await admin.waitForURL('**/requests/open')
  await expect(row).toBeVisible()
  expect(problems).toEqual([])
})

test('the overview updates when a request comes in', async ({ as, stack, seedRequest, seedSpace }) => {
  test.setTimeout(120_000)
  const admin = await as('carol')
  await admin.goto(`${stack.webUrl}/admin`)
  const waiting = section(admin, 'Requests').getByRole('link', { name: /^[\d,]+ waiting$/ })
  const space = uniqueName('asked-about')
  await seedSpace(await as('oona'), { name: space })
  const before = (await waiting.textContent()) ?? ''
  const orla = await as('orla')
  // Start watching before the request is sent: other requests come and go, so the number might end up the same.
  await Promise.all([
    expect(waiting).not.toHaveText(before, { timeout: 60_000 }),
    seedRequest(orla, { space, role: 'viewer', minutes: 1_440, reason: 'To look' }),
  ])
})

test('what needs attention comes first, then the clusters, then four totals', async ({ as, stack }) => {
  const admin = await as('carol')
  await admin.setViewportSize({ width: 1440, height: 900 })
  await admin.goto(`${stack.webUrl}/admin`)
  const topOf = async (name: string) => (await section(admin, name).boundingBox())?.y ?? 0
  const tops = [await topOf('Needs attention'), await topOf('Clusters'), await topOf('Totals')]
  expect(tops).toEqual(tops.toSorted((a, b) => a - b))
  const totals = section(admin, 'Totals').getByRole('region')
  await expect(totals).toHaveCount(4)
  expect(new Set(await totals.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top))).size).toBe(1)
  await expect(admin.getByRole('meter', { name: 'Share of S', exact: true })).toBeHidden()
  await admin.getByText('Spaces by size and owner').click()
  await expect(admin.getByRole('meter', { name: 'Share of S', exact: true })).toBeVisible()
})

test('an auditor sees only what they may open, without spaces and requests', async ({ as, stack }) => {
  const auditor = await as('dave')
  await auditor.goto(`${stack.webUrl}/admin`)
  await expect(section(auditor, 'People').getByRole('link', { name: /active$/ })).toBeVisible()
  await expect(section(auditor, 'Credentials')).toBeVisible()
  for (const name of ['Spaces', 'Requests', 'Clusters']) await expect(section(auditor, name)).toHaveCount(0)
  const problems = await lookBeforeRelease(auditor, 'overview-of-an-auditor')
  await auditor.goto(`${stack.webUrl}/requests/open`)
  await expect(auditor.getByText('Only platform admins can see this page')).toBeVisible()
  expect(problems).toEqual([])
})
