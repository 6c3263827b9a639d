import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/unique-name.ts'
import { corners, look } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

const rows = (page: Page) => page.getByRole('table', { name: 'Spaces' }).getByRole('rowheader')
const filters = (page: Page) => page.getByRole('list', { name: 'Filters' })
const pathOf = (page: Page) => page.url().slice(new URL(page.url()).origin.length)

test('a platform admin filters by owner, group and size, and downloads what the list shows', async ({ as, stack }) => {
  test.setTimeout(240_000)
  const [bea, admin] = [await as('bea'), await as('carol')]
  const [first, second] = [uniqueName('bulk-one'), uniqueName('bulk-two')]
  await newSpacePage(bea).create(stack.webUrl, { name: first, description: '=cmd()' })
  await newSpacePage(bea).create(stack.webUrl, { name: second, description: '' })
  await spacePage(bea, stack.webUrl, second).waitUntilReady()
  const access = accessPage(bea, stack.webUrl, second)
  await access.open()
  await access.add({ who: 'group:team-bulk', role: 'viewer', lastDay: '2030-01-31' })

  await admin.goto(stack.webUrl)
  await admin.getByText('More filters').click()
  const owner = admin.getByRole('combobox', { name: 'Owner' })
  await owner.fill('bea@example.com')
  await admin.getByRole('option', { name: /Bea Example/ }).click()
  await expect(filters(admin)).toContainText('Owned by Bea Example')
  await expect(owner).toHaveValue('')
  await expect(owner).toBeFocused()
  await expect(rows(admin)).toHaveCount(2)
  expect(await look(admin, 'spaces-more-filters', corners)).toEqual([])

  const group = admin.getByRole('combobox', { name: 'Group with a role' })
  await group.fill('team-bul')
  await expect(admin.getByText('team-bulk, 1 space')).toBeVisible()
  await group.press('Enter')
  await expect(filters(admin)).toContainText('Group team-bulk')
  await expect(rows(admin)).toHaveText([new RegExp(second)])
  await filters(admin)
    .getByRole('link', { name: /Group team-bulk/ })
    .click()
  await expect(rows(admin)).toHaveCount(2)

  await admin.getByRole('combobox', { name: 'Size' }).selectOption('M')
  await expect(admin.getByRole('heading', { name: 'Nothing found' })).toBeVisible()
  await expect(filters(admin), 'also where no row has their name').toContainText('Owned by Bea Example')
  await admin.getByRole('combobox', { name: 'Size' }).selectOption('S')
  await expect(rows(admin)).toHaveCount(2)
  expect(pathOf(admin)).toMatch(/^\/\?owner=bea-[0-9a-f]{6}&size=S$|^\/\?size=S&owner=bea-[0-9a-f]{6}$/)

  const [file] = await Promise.all([
    admin.waitForEvent('download'),
    admin.getByRole('link', { name: 'Download CSV' }).click(),
  ])
  const lines = readFileSync(await file.path(), 'utf8')
    .trimEnd()
    .split('\r\n')
  expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual([first, second])
  expect(lines[1]).toContain(",'=cmd(),")

  await bea.goto(stack.webUrl)
  await expect(rows(bea).filter({ hasText: first })).toHaveCount(1)
  await expect(bea.getByRole('link', { name: 'Download CSV' })).toHaveCount(0)
  await bea.getByText('More filters').click()
  expect(await look(bea, 'spaces-more-filters-of-a-member', corners)).toEqual([])
})
