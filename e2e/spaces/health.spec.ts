import type { Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { inEachView } from '#e2e/fixtures/each-view.ts'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { rows, table } from '#e2e/models/space-list.ts'

/** A list shows a problem within a minute. */
const known = { timeout: 60_000 }

const rowOf = (page: Page, name: string) => table(page).getByRole('row').filter({ hasText: name })

test('an open list shows a failing space first, which leads to the workload and its logs', async ({
  as,
  stack,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(300_000)
  const page = await as('hedda')
  const [fine, broken] = [uniqueName('a-fine'), uniqueName('b-broken')]
  await seedSpace(page, { name: fine })
  await seedSpace(page, { name: broken })
  const mine = await kubectlFor(page, broken)
  await page.goto(stack.webUrl)
  await expect(rowOf(page, broken)).toContainText('Ready')
  await mine.ok(['run', 'falls', '--image=registry.example/app', '--labels=spaceport.dev/simulate=crash'])

  await expect(rowOf(page, broken)).toContainText('1 failing', known)
  await inEachView(page, async (_, where) => {
    await expect(rows(page).first(), where).toContainText(broken)
    await expect(rowOf(page, broken).getByText('1 failing'), where).toBeInViewport()
  })
  await expect(rowOf(page, fine)).toContainText('Ready')
  const problems = await lookBeforeRelease(page, 'list-failing')
  await page.getByRole('link', { name: '1 needs attention' }).click()
  await expect(rows(page)).toHaveCount(1)
  await expect(page.getByRole('list', { name: 'Filters', exact: true })).toContainText('Needs attention')

  await page.getByText('More filters').click()
  await page.getByRole('combobox', { name: 'Health' }).selectOption('Not ready')
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible()
  await page.getByRole('combobox', { name: 'Health' }).selectOption('Failing')
  await expect(rows(page)).toHaveCount(1)

  await page.keyboard.press('ControlOrMeta+k')
  const palette = page.getByRole('dialog', { name: 'Search' })
  await palette.getByRole('combobox').fill(broken)
  await expect(palette.getByRole('option', { selected: true })).toContainText('Yours · 1 failing')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Pod falls: Crashing (5 restarts)' }).click()
  await expect(page.getByRole('log', { name: 'Last lines of falls' })).toContainText('development node')
  problems.push(...(await lookBeforeRelease(page, 'space-failing')))
  await page.goto(`${stack.webUrl}/spaces/${broken}`)
  await inEachView(page, async (_, where) =>
    expect(page.getByRole('link', { name: 'Pod falls: Crashing (5 restarts)' }), where).toBeInViewport(),
  )

  await page.goto(stack.webUrl)
  await mine.ok(['delete', 'pod', 'falls', '--wait=false'])
  await expect(rowOf(page, broken)).toContainText('Ready', known)
  await expect(page.getByRole('link', { name: '1 needs attention' })).toHaveCount(0)
  expect(problems).toEqual([])
})

test('a pod that isn’t ready for two minutes is reported, without an event', async ({
  as,
  stack,
  admin,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(300_000)
  const page = await as('hedwig')
  const name = uniqueName('unready')
  await seedSpace(page, { name })
  const mine = await kubectlFor(page, name)
  await mine.ok(['run', 'idles', '--image=registry.example/app', '--labels=spaceport.dev/simulate=not-ready'])
  const unready = async () =>
    (await mine.ok(['get', 'pod', 'idles', '-o', 'jsonpath={.status.conditions[?(@.type=="Ready")].status}'])).trim()
  await expect.poll(unready, { timeout: 60_000 }).toBe('False')
  await page.goto(`${stack.webUrl}/spaces/${name}`)
  const row = page.getByRole('table', { name: 'Workloads' }).getByRole('row').filter({ hasText: 'idles' })
  await expect(row).toContainText('Starting')
  const lastTransitionTime = new Date(Date.now() - 121_000).toISOString()
  const status = { conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady', lastTransitionTime }] }
  const namespace = (await mine.ok(['config', 'view', '--minify', '-o', 'jsonpath={..namespace}'])).trim()
  await admin.ok([
    ...['patch', 'pod', 'idles', '-n', namespace, '--subresource=status', '--type=strategic'],
    ...['-p', JSON.stringify({ status })],
  ])

  await expect(row).toContainText('Not ready', known)
  await expect(page.getByRole('link', { name: 'Pod idles: Not ready' })).toBeVisible(known)
  await page.goto(stack.webUrl)
  await expect(rowOf(page, name)).toContainText('1 not ready', known)
})
