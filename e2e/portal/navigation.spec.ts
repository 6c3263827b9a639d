import type { Page } from '@playwright/test'
import { look } from '#e2e/fixtures/look.ts'
import { pageRoutes } from '#e2e/fixtures/routes.ts'
import { expect, test } from '#e2e/fixtures/test.ts'

const rail = (page: Page) => page.getByRole('navigation', { name: 'Administration' })
const main = (page: Page) => page.getByRole('navigation', { name: 'Main' })

test('platform admins and auditors have a rail: their own pages, and three groups for running Spaceport', async ({
  as,
  stack,
}) => {
  const admin = await as('carol')
  await admin.goto(`${stack.webUrl}/admin`)
  for (const [group, pages] of [
    ['Operate', ['Overview', 'Requests', 'Spaces', 'Clusters']],
    ['People', ['People', 'Reviews', 'Provisioning']],
    ['Govern', ['Policy', 'Credentials', 'Audit trail', 'Exports & integrity']],
  ] as const)
    await expect(rail(admin).getByRole('list', { name: group }).getByRole('link')).toHaveText([...pages])
  const own = ['Your spaces', /^Inbox/, 'Your requests', 'Your credentials']
  await expect(main(admin).getByRole('list', { name: 'You' }).getByRole('link')).toHaveText(own)
  await expect(admin.getByRole('banner').getByRole('link')).toHaveText(['Spaceport'])
  await main(admin).getByRole('link', { name: 'Your spaces' }).click()
  await expect(main(admin).locator('[aria-current]')).toHaveText('Your spaces')
  await expect(rail(admin).locator('[aria-current]')).toHaveCount(0)
  await rail(admin).getByRole('link', { name: 'Spaces' }).click()
  await expect(rail(admin).locator('[aria-current]')).toHaveText('Spaces')
  await expect(main(admin).locator('[aria-current]')).toHaveCount(0)

  const auditor = await as('dave')
  await auditor.goto(stack.webUrl)
  await expect(rail(auditor).getByRole('list', { name: 'Operate' }).getByRole('link')).toHaveText([
    'Overview',
    'Spaces',
  ])
  const member = await as('nadja')
  await member.goto(stack.webUrl)
  await expect(main(member).getByRole('link')).toHaveText(['Spaces', /^Inbox/, 'Requests', 'Credentials'])
  await expect(rail(member)).toHaveCount(0)
})

test('no link of the navigation is on screen twice', async ({ as, stack }) => {
  const admin = await as('carol')
  for (const width of [390, 1023, 1024, 1440]) {
    await admin.setViewportSize({ width, height: 900 })
    await admin.goto(`${stack.webUrl}/admin`)
    const links = await admin.locator('nav a:visible').evaluateAll((all) => all.map((one) => one.getAttribute('href')))
    expect(links.length, `at ${width}`).toBe(width < 1024 ? 4 : 15)
    expect(new Set(links).size, `at ${width}`).toBe(links.length)
  }
})

test('on a narrow screen, the rail is a menu in the header', async ({ as, stack }) => {
  const admin = await as('carol')
  await admin.setViewportSize({ width: 360, height: 780 })
  await admin.goto(`${stack.webUrl}/admin/provisioning`)
  await expect(rail(admin)).toHaveCount(0)
  const button = admin.getByRole('button', { name: 'Admin' })
  await expect(button).toBeInViewport({ ratio: 1 })
  await button.click()
  await expect(admin.getByRole('menuitem', { name: 'Provisioning' })).toHaveAttribute('aria-current', 'page')
  expect(await look(admin, 'admin-menu')).toEqual([])
  await admin.getByRole('menuitem', { name: 'People' }).click()
  await expect(admin.getByRole('heading', { level: 1, name: 'People' })).toBeVisible()
})

test('above the heading of a page, there is at most one row of links', async ({ as, stack }) => {
  test.setTimeout(120_000)
  const admin = await as('carol')
  for (const width of [390, 1024, 1440]) {
    await admin.setViewportSize({ width, height: 900 })
    for (const route of pageRoutes.filter((each) => !each.includes('[') && !each.startsWith('/sign-in'))) {
      await admin.goto(`${stack.webUrl}${route}`)
      await expect(admin.getByRole('heading', { level: 1 })).toBeVisible()
      const rows = await admin.evaluate(() => {
        const top = document.querySelector('h1')?.getBoundingClientRect().top ?? 0
        return [...document.querySelectorAll('nav')]
          .filter((nav) => nav.checkVisibility())
          .map((nav) => ({ label: nav.ariaLabel, box: nav.getBoundingClientRect() }))
          .filter(({ box }) => box.height < 100 && box.bottom <= top)
          .map(({ label }) => label)
      })
      // From 1,024 px on, all links are in the rail.
      expect(rows, `${route} at ${width}`).toEqual(width < 1024 ? ['Main'] : [])
    }
  }
})
