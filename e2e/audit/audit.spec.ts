import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { z } from 'zod'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { typeEarly } from '#e2e/fixtures/type-early.ts'
import { spacePage } from '#e2e/models/space-page.ts'

/** The audit page pauses forty times as long as its last search took (components/audit/use-live-rows.ts). */
const afterRest = { timeout: 120_000 }

const lineSchema = z.looseObject({ type: z.string() })

/** By source: in the address, by keyboard, live, and without scripts. */
async function narrowActivity(page: Page, make: () => Promise<unknown>): Promise<void> {
  const main = page.getByRole('main')
  const by = (name: string) => main.getByRole('navigation', { name: 'Filter by source' }).getByRole('link', { name })
  await by('kubectl').click()
  await expect(page).toHaveURL(/[?&]by=kubectl/)
  await expect(by('kubectl')).toHaveAttribute('aria-current', 'page')
  await expect(main).toContainText('created the config map traced')
  await expect(main).not.toContainText('created the space')
  await make()
  await expect(main).toContainText('created the config map live', afterRest)
  await expect(main.getByRole('heading', { name: 'Today' })).toBeVisible()
  await by('People').focus()
  await page.keyboard.press('Enter')
  await expect(main).toContainText('created the space')
  await expect(main).not.toContainText('config map')
  await expect(by('People')).toBeFocused()
  const plain = (await (await page.request.get(page.url())).text()).replaceAll('<!-- -->', '')
  expect(plain).toContain('created the space')
  expect(plain).not.toContain('config map')
  await by('Spaceport').click()
  await expect(main).toContainText('No activity by Spaceport yet')
  expect(await lookBeforeRelease(page, 'space-activity-narrowed', corners)).toEqual([])
  await by('All').click()
  await expect(main).toContainText('created the config map live')
}

test('the trail records who did what to what, when, from where and with which outcome', async ({
  as,
  stack,
  dir,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(300_000)
  const developer = await as('olga')
  const name = uniqueName('trail')
  const space = spacePage(developer, stack.webUrl, name)
  await seedSpace(developer, { name })
  const mine = await kubectlFor(developer, name)
  await mine.ok(['create', 'configmap', 'traced'])
  expect((await mine.run(['get', 'pods', '-n', 'kube-system'])).status).not.toBe(0)
  await space.open('activity')
  await expect(developer.getByRole('main')).toContainText('Olga Example created the space')
  await narrowActivity(developer, () => mine.ok(['create', 'configmap', 'live']))
  await space.remove()
  await expect(space.gone).toBeVisible({ timeout: 60_000 })

  const auditor = await as('dave')
  await auditor.goto(`${stack.webUrl}/audit`)
  // The space is deleted, so it is no option.
  await auditor.getByRole('combobox', { name: 'Space' }).fill(name)
  await auditor.getByRole('combobox', { name: 'Space' }).press('Enter')
  await auditor.waitForURL(/space=/)
  const entries = auditor
    .getByRole('main')
    .getByRole('listitem')
    .filter({ has: auditor.locator('summary') })
  for (const done of [
    `created the space ${name}`,
    'created a kubeconfig',
    'created the config map traced',
    `deleted the space ${name}`,
  ]) {
    await expect(entries.filter({ hasText: done }).filter({ hasText: 'Olga Example' }).first(), done).toBeVisible()
  }

  const traced = entries.filter({ hasText: 'created the config map traced' }).first()
  await traced.locator('summary').click()
  await expect(traced).toContainText('127.0.0.1')
  await expect(traced).toContainText('kubectl/')
  await expect(traced).toContainText('API server Audit-ID')
  await expect(traced).toContainText('Done.')
  await traced.getByRole('link', { name: 'kubectl.create (show only this action)' }).click()
  await auditor.waitForURL(/space=.*action=kubectl.create|action=kubectl.create.*space=/)
  await expect(entries.filter({ hasText: 'created the space' })).toHaveCount(0)
  // It stays open, and a value that is already filtered is no link.
  await expect(traced.getByRole('link', { name: 'kubectl.create (show only this action)' })).toHaveCount(0)
  await traced.getByRole('link', { name: 'configmaps traced (show only this target)' }).click()
  await auditor.waitForURL(/text=configmaps/)
  await expect(async () => {
    await auditor.reload()
    await expect(entries, 'the words of a row are found once it is sealed').toHaveCount(1, { timeout: 1_000 })
  }).toPass()
  await expect(entries).toContainText('config map traced')
  expect(await lookBeforeRelease(auditor, 'audit-narrowed', corners)).toEqual([])
  await auditor.goto(`${stack.webUrl}/audit?space=${name}`)

  await auditor.getByRole('combobox', { name: 'Action' }).fill('deleted space')
  await auditor.getByRole('group', { name: 'Spaces' }).getByRole('option', { name: 'Deleted a space' }).click()
  await auditor.waitForURL(/action=space.delete/)
  await expect(entries).toHaveCount(1)

  for (const [link, ending] of [
    ['Download NDJSON', 'ndjson'],
    ['Download CSV', 'csv'],
  ] as const) {
    const download = auditor.waitForEvent('download')
    await auditor.getByRole('link', { name: link }).click()
    const saved = await download
    expect(saved.suggestedFilename()).toMatch(new RegExp(`\\.${ending}$`))
    const file = join(dir, `trail.${ending}`)
    await saved.saveAs(file)
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    if (ending === 'ndjson') {
      const events = lines.map((line) => lineSchema.parse(JSON.parse(line)))
      const kinds = events.map(({ type }) => type.replace('dev.spaceport.', ''))
      expect(kinds).toEqual(['trail.export', 'audit.space.delete', 'audit.space.delete', 'trail.export'])
    } else {
      expect(lines).toHaveLength(2)
      expect(lines[0]).toContain('action')
      expect(lines[1]).toContain('space.delete')
    }
  }
})

test('a filter chosen while the page loads is applied', async ({ as, stack }) => {
  const page = await as('dave')
  // On a slow machine there is a moment between React’s events and the router.
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await page.addInitScript(() => {
    if (new URLSearchParams(location.search).has('outcome')) return
    const isEarly = location.search.includes('24h')
    // Its messages come before those of React that are posted later; a timer may come after them.
    const { port1, port2 } = new MessageChannel()
    const choose = () => {
      const select = document.querySelector<HTMLSelectElement>('select[name=outcome]')
      // React marks an element once it listens to its events; the router replaces pushState shortly after.
      if (!select || !(isEarly || Object.keys(select).some((key) => key.startsWith('__react'))))
        return port2.postMessage(null)
      console.info('chosen before the router starts:', !Object.hasOwn(history, 'pushState'))
      select.value = 'refused'
      for (const type of ['input', 'change']) select.dispatchEvent(new Event(type, { bubbles: true }))
    }
    port1.onmessage = choose
    document.addEventListener('DOMContentLoaded', choose)
  })
  const said: string[] = []
  page.on('console', (message) => said.push(message.text()))
  for (const [within, chip] of [
    ['24h', 'Last 24 hours'],
    ['7d', 'Last 7 days'],
  ]) {
    await page.goto(`${stack.webUrl}/audit?within=${within}`, { waitUntil: 'commit' })
    await page.waitForURL(/outcome=refused/)
    await expect(page.getByRole('main')).toContainText('Outcome refused')
    await expect(page.getByRole('main')).toContainText(`${chip}`)
    await expect(page.getByRole('combobox', { name: 'Outcome' })).toHaveValue('refused')
  }
  expect(said.filter((text) => text === 'chosen before the router starts: true')).toHaveLength(2)
})

test('text typed while the page loads is searched for', async ({ as, stack }) => {
  const page = await as('dave')
  const early = await typeEarly(page, 'text', 'olga')
  await page.goto(`${stack.webUrl}/audit`)
  await page.waitForURL(/text=olga/)
  expect(await early()).toBe(true)
})

test('filters and pages of the trail change the rows and the address without reloading the page', async ({
  as,
  stack,
}) => {
  const page = await as('dave')
  // Other tests (checks of the chain, notifications) would render this page again.
  await page.route('**/api/rows/audit/chain', () => {})
  await page.route('**/api/me/live*', () => {})
  const live = page.waitForRequest((request) => new URL(request.url()).pathname === '/api/audit/live')
  await page.goto(`${stack.webUrl}/audit?action=session.sign-in`)
  await live
  const entries = page.getByRole('region', { name: 'Actions, newest first' }).getByRole('listitem')
  await expect(entries.first()).toContainText('signed in')
  // Other events request rows too.
  const closed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/audit/live'))
  await page.getByRole('switch', { name: 'Live' }).uncheck()
  await closed
  const asked: string[] = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    const others = ['/icon.svg', '/api/rows/search', '/api/rows/audit/chain', '/api/me/live']
    if (!pathname.startsWith('/_next/static/') && !others.includes(pathname)) asked.push(pathname)
  })
  await page.getByRole('combobox', { name: 'Person' }).fill('no one with this name')
  await page.getByRole('combobox', { name: 'Person' }).press('Enter')
  // A search that takes long says how far back it got.
  await expect(page.getByRole('heading', { name: /^No(?: matching entries|thing found yet)$/ })).toBeVisible()
  expect(new URL(page.url()).searchParams.get('person')).toBe('no one with this name')
  await expect(page.getByRole('link', { name: 'Download CSV' })).toHaveAttribute('href', /person=no(\+|%20)one/)
  await page.goBack()
  await expect(entries.first()).toContainText('signed in')
  await expect(page.getByRole('combobox', { name: 'Person' })).toHaveValue('')
  expect(asked).toEqual(['/api/rows/audit', '/api/rows/audit'])

  // The page itself reports an unreadable filter.
  await page.goto(`${stack.webUrl}/audit?from=yesterday`)
  await expect(page.getByText('Enter a date and a time.')).toBeVisible()
})

test('a filter applies at once, is shown and can be removed; repeated actions are one entry', async ({
  as,
  stack,
  sql,
}) => {
  const page = await as('dave')
  const name = uniqueName('repeated')
  await sql(
    `INSERT INTO audit_event (id, action, at, actor_kind, actor_name, target_kind, target_name, observer, destination, outcome)
     SELECT gen_random_uuid(), 'policy.change', now(), 'system', 'worker', 'policy', $1, 'worker/e2e', 'spaceport', 'ok' FROM generate_series(1, 5)`,
    [name],
  )
  await page.goto(`${stack.webUrl}/audit?text=${name}`)
  const list = page.getByRole('region', { name: 'Actions, newest first' })
  const entries = list.locator(':scope > div > div > ul > li')
  await expect(async () => {
    await page.reload()
    await expect(entries, 'the words of a row are found once it is sealed').toHaveCount(1, { timeout: 500 })
    await expect(entries.first().getByText('×5', { exact: true })).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 20_000 })
  await entries.first().locator('summary').first().click()
  await entries
    .first()
    .getByText(/^The same 4 more times, since/)
    .click()
  await expect(entries.first().getByRole('listitem')).toHaveCount(4)

  await page.getByRole('combobox', { name: 'When' }).selectOption('1h')
  await expect(page.getByRole('link', { name: 'Download CSV' })).toHaveAttribute('href', /within=1h/)
  await expect(entries).toHaveCount(1)
  expect(new URL(page.url()).searchParams.get('within')).toBe('1h')
  const chips = page.getByRole('list', { name: 'Filters', exact: true })
  await expect(chips.getByRole('link')).toHaveText([
    `Remove the filter Containing “${name}”`,
    'Remove the filter Last hour',
    'Clear filters',
  ])
  await chips.getByRole('link', { name: 'Last hour' }).click()
  await expect(chips.getByRole('link', { name: 'Last hour' })).toHaveCount(0)
  await expect(page.getByRole('combobox', { name: 'When' })).toHaveValue('')

  await chips.getByRole('link', { name: 'Clear filters' }).click()
  await page.getByRole('list', { name: 'Often looked for' }).getByRole('link', { name: 'Policy changes' }).click()
  await expect(chips.getByRole('link').first()).toHaveText('Remove the filter Action “Changed the policy”')
  await expect(entries.first()).toContainText('changed the policy')

  const person = page.getByRole('combobox', { name: 'Person' })
  await person.pressSequentially('olga')
  await page.getByRole('option', { name: /^Olga Example/ }).click()
  await expect(chips.getByRole('link', { name: /Person olga-[0-9a-f]{6}$/ }), 'a choice applies at once').toBeVisible()
  await expect(person).toBeFocused()
  await expect(person).toHaveValue('')

  await page.getByRole('searchbox', { name: 'Search' }).pressSequentially('changed')
  await page.waitForURL(/text=changed/)
  expect(new URL(page.url()).searchParams.get('person'), 'the other filters stay').toMatch(/^olga-/)
})

test('actions are in groups, and found by word', async ({ as, stack }) => {
  const page = await as('dave')
  await page.goto(`${stack.webUrl}/audit`)
  const action = page.getByRole('combobox', { name: 'Action' })
  await action.click()
  await expect(page.getByRole('group', { name: 'Spaces' })).toBeVisible()
  await action.fill('break-glass code')
  await expect(page.getByRole('group', { name: 'Admin role' }).getByRole('option')).toHaveText([
    'Created a break-glass code',
    'Voided the break-glass code',
    'Acknowledged a use of the break-glass account',
  ])
  await action.press('ArrowDown')
  await action.press('Enter')
  await page.waitForURL(/action=break-glass-code\.create/)
})

test('a filter is saved by name, applied, renamed, deleted and restored, and is private', async ({ as, stack }) => {
  const page = await as('vera')
  const name = uniqueName('exec')
  await page.goto(`${stack.webUrl}/audit?action=kubectl.exec&within=7d`)
  await page.getByRole('button', { name: 'Save this filter…' }).click()
  const saving = page.getByRole('dialog', { name: 'Save this filter' })
  await saving.getByRole('button', { name: 'Save' }).click()
  await expect(saving.getByText('Fill this in.')).toBeVisible()
  await saving.getByRole('textbox', { name: 'Name' }).fill(name)
  await saving.getByRole('button', { name: 'Save' }).click()
  const saved = page.getByRole('list', { name: 'Saved filters' })
  const link = saved.getByRole('link', { name, exact: true })
  await expect(link).toHaveAttribute('aria-current', 'true')
  await expect(page.getByRole('button', { name: 'Save this filter…' })).toHaveCount(0)

  await page.goto(`${stack.webUrl}/audit?person=olga`)
  await expect(link).not.toHaveAttribute('aria-current')
  await page.getByRole('button', { name: 'Save this filter…' }).click()
  await saving.getByRole('textbox', { name: 'Name' }).fill(name)
  await saving.getByRole('button', { name: 'Save' }).click()
  await expect(saving.getByText('You already have a filter with this name.')).toBeVisible()
  await page.keyboard.press('Escape')
  await link.click()
  await expect(link).toHaveAttribute('aria-current', 'true')
  await expect(page.getByRole('combobox', { name: 'When' })).toHaveValue('7d')
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ action: 'kubectl.exec', within: '7d' })

  const other = await as('dave')
  await other.goto(`${stack.webUrl}/audit`)
  await expect(other.getByRole('list', { name: 'Often looked for' })).toBeVisible()
  await expect(other.getByRole('link', { name, exact: true })).toHaveCount(0)

  const renamed = `${name}, lately`
  await page.getByRole('button', { name: 'Edit saved filters…' }).click()
  const editing = page.getByRole('dialog', { name: 'Saved filters' })
  await editing.getByRole('textbox', { name: `Name of ${name}` }).fill(renamed)
  await editing.getByRole('button', { name: `Rename ${name}` }).click()
  await expect(saved.getByRole('link', { name: renamed })).toHaveAttribute('aria-current', 'true')

  await page.getByRole('button', { name: 'Edit saved filters…' }).click()
  await editing.getByRole('button', { name: `Delete ${renamed}` }).click()
  await expect(page.getByText(`Deleted “${renamed}”.`)).toBeVisible()
  await expect(saved.getByRole('link', { name: renamed })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(saved.getByRole('link', { name: renamed })).toHaveAttribute('aria-current', 'true')

  await page.getByRole('button', { name: 'Edit saved filters…' }).click()
  await editing.getByRole('button', { name: `Delete ${renamed}` }).click()
  await expect(page.getByRole('button', { name: 'Save this filter…' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('button', { name: 'Save this filter…' })).toBeVisible()
  await expect(page.getByRole('link', { name: renamed })).toHaveCount(0)
})

test('people, kubeconfigs and spaces have their own saved filters, which work without scripts', async ({
  as,
  browser,
  sessionOf,
  stack,
}) => {
  const page = await as('vera')
  const name = uniqueName('view')
  for (const [path, query] of [
    ['/admin/people', `?search=${name}&state=active`],
    ['/admin/credentials', `?olderThan=7&person=${name}`],
    ['/', `?search=${name}&owner=me`],
  ] as const) {
    await page.goto(`${stack.webUrl}${path}${query}`)
    await page.getByRole('button', { name: 'Save this filter…' }).click()
    const saving = page.getByRole('dialog', { name: 'Save this filter' })
    await saving.getByRole('textbox', { name: 'Name' }).fill(name)
    await saving.getByRole('button', { name: 'Save' }).click()
    const link = page.getByRole('list', { name: 'Saved filters' }).getByRole('link', { name })
    await expect(link).toHaveAttribute('aria-current', 'true')
  }

  const context = await browser.newContext({ storageState: await sessionOf('vera'), javaScriptEnabled: false })
  const plain = await context.newPage()
  await plain.goto(`${stack.webUrl}/admin/people`)
  await plain.getByRole('list', { name: 'Saved filters' }).getByRole('link', { name }).click()
  await expect(plain.getByRole('list', { name: 'Filters', exact: true })).toContainText('Active')
  expect(Object.fromEntries(new URL(plain.url()).searchParams)).toEqual({ search: name, state: 'active' })
  await expect(plain.getByRole('button', { name: 'Edit saved filters…' })).toHaveCount(0)
  await context.close()
})

test('without scripts, a filter keeps what was picked', async ({ browser, sessionOf, stack }) => {
  const context = await browser.newContext({ storageState: await sessionOf('vera'), javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${stack.webUrl}/audit?person=olga-123456&action=policy.update`)
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('refused')
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  const given = new URL(page.url()).searchParams
  expect(Object.fromEntries([...given].filter(([, value]) => value !== ''))).toEqual({
    person: 'olga-123456',
    action: 'policy.update',
    outcome: 'refused',
  })
  await context.close()
})

test('two picks in a row both apply', async ({ as, stack }) => {
  const page = await as('dave')
  await page.goto(`${stack.webUrl}/audit`)
  await page.getByRole('combobox', { name: 'Person' }).fill('someone')
  await page.getByRole('combobox', { name: 'Person' }).press('Enter')
  await page.getByRole('combobox', { name: 'Space' }).fill('somewhere')
  await page.getByRole('combobox', { name: 'Space' }).press('Enter')
  await page.waitForURL(/space=somewhere/)
  expect(new URL(page.url()).searchParams.get('person')).toBe('someone')
})

test('on a phone, further filters are behind a button', async ({ as, stack }) => {
  const page = await as('dave')
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto(`${stack.webUrl}/audit`)
  await expect(page.getByRole('searchbox', { name: 'Search' })).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'Person' })).toBeHidden()
  await page.getByRole('button', { name: 'More filters' }).click()
  await expect(page.getByRole('combobox', { name: 'Person' })).toBeVisible()
})

test('new events appear live, wait while the person is reading, and can be turned off', async ({ as, stack, sql }) => {
  test.setTimeout(480_000)
  const happen = async (count = 1): Promise<string> => {
    const name = uniqueName('happened')
    await sql(
      `INSERT INTO audit_event (id, action, at, actor_kind, actor_name, target_kind, target_name, observer, destination, outcome)
       SELECT gen_random_uuid(), 'space.update', now(), 'system', 'worker', 'space', $1, 'worker/test', 'portal', 'ok' FROM generate_series(1, $2::int)`,
      [name, count],
    )
    return name
  }
  const page = await as('dave')
  const main = page.getByRole('main')
  await page.goto(`${stack.webUrl}/audit?text=happened`)
  await expect(main.getByRole('switch', { name: 'Live' })).toBeChecked()
  await page.mouse.move(5, 5)
  const first = await happen()
  await expect(main.getByText(first).first()).toBeVisible(afterRest)

  await main.getByRole('region', { name: 'Actions, newest first' }).locator('summary').first().click()
  const second = await happen(2)
  await test.step('new events also wait when the page is rendered again for another reason', async () => {
    const rendered = page.waitForResponse((response) => {
      const { pathname, searchParams } = new URL(response.url())
      return pathname === '/audit' && searchParams.has('_rsc')
    })
    await sql(`SELECT pg_notify('spaceport_person', 'frame:' || id) FROM user_account WHERE name = 'Dave Example'`)
    await rendered
  })
  const chip = main.getByRole('button', { name: '2 new events' })
  await expect(chip).toBeVisible(afterRest)
  await expect(main.getByText(second)).toHaveCount(0)
  await chip.click()
  await expect(main.getByText(second).first()).toBeVisible()
  await expect(chip).toHaveCount(0)

  const closed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/audit/live'))
  await main.getByRole('switch', { name: 'Live' }).uncheck()
  await closed
  // Another page shows when this one would have updated.
  const live = await as('vera')
  await live.goto(`${stack.webUrl}/audit?text=happened`)
  await live.mouse.move(5, 5)
  const third = await happen()
  await expect(live.getByRole('main').getByText(third).first()).toBeVisible(afterRest)
  await expect(main.getByText(third)).toHaveCount(0)
  await expect(main.getByRole('button', { name: /new event/ })).toHaveCount(0)

  // Turned on again, it catches up.
  await page.mouse.move(5, 5)
  await main.getByRole('switch', { name: 'Live' }).check()
  await expect(chip.or(main.getByRole('button', { name: /new event/ })).or(main.getByText(third).first())).toBeVisible()
})

test('the trail is for auditors and admins; others see why they have no access, and get no file', async ({
  as,
  stack,
}) => {
  const page = await as('olga')
  await page.goto(stack.webUrl)
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Audit' })).toHaveCount(0)
  await expect(page.getByRole('navigation', { name: 'Administration' })).toHaveCount(0)
  await page.goto(`${stack.webUrl}/audit`)
  await expect(
    page.getByRole('heading', { name: 'Only auditors and platform admins can read the audit trail' }),
  ).toBeVisible()
  for (const format of ['ndjson', 'csv']) {
    const answer = await page.request.get(`${stack.webUrl}/api/audit/export?format=${format}`)
    expect(answer.status()).toBe(403)
    expect(await answer.text()).not.toContain('space.')
  }
})
