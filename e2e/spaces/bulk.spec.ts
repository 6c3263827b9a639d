import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { recordAction } from '#e2e/fixtures/recorded-action.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { fillDate } from '#e2e/models/date-field.ts'

const rows = (page: Page) => page.getByRole('table', { name: 'Spaces' }).getByRole('rowheader')
const filters = (page: Page) => page.getByRole('list', { name: 'Filters', exact: true })
const pathOf = (page: Page) => page.url().slice(new URL(page.url()).origin.length)

test('a platform admin filters by owner, group and size, and downloads what the list shows', async ({
  as,
  stack,
  seedSpace,
}) => {
  test.setTimeout(240_000)
  const [bea, admin] = [await as('bea'), await as('carol')]
  const [first, second] = [uniqueName('bulk-one'), uniqueName('bulk-two')]
  await seedSpace(bea, { name: first, description: '=cmd()' })
  const endsAt = '2030-01-31T23:59:59Z'
  await seedSpace(bea, { name: second, members: [{ principal: 'group:team-bulk', role: 'viewer', endsAt }] })

  await admin.goto(stack.webUrl)
  await admin.getByText('More filters').click()
  const owner = admin.getByRole('combobox', { name: 'Owner' })
  await owner.fill('bea@example.com')
  await admin.getByRole('option', { name: /Bea Example/ }).click()
  await expect(filters(admin)).toContainText('Owned by Bea Example')
  await expect(owner).toHaveValue('')
  await expect(owner).toBeFocused()
  await expect(rows(admin)).toHaveCount(2)
  expect(await lookBeforeRelease(admin, 'spaces-more-filters', corners)).toEqual([])

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
  expect(await lookBeforeRelease(bea, 'spaces-more-filters-of-a-member', corners)).toEqual([])
})

test('a platform admin selects spaces, sets an end date and deletes them, and sees the result for each', async ({
  as,
  stack,
  sql,
  seedSpace,
}) => {
  test.setTimeout(300_000)
  const [owner, admin] = [await as('bela'), await as('carol')]
  const names = ['keep', 'one', 'two'].map((part) => uniqueName(`bulk-${part}`))
  const [kept = '', first = '', second = ''] = names
  for (const name of names) await seedSpace(owner, { name, description: '' })
  const [person] = await sql(`SELECT handle FROM user_account WHERE handle LIKE 'bela-%'`)

  await admin.goto(`${stack.webUrl}/?owner=${person?.handle}&size=S`)
  await expect(rows(admin)).toHaveCount(3)
  const dialog = admin.getByRole('dialog')
  const select = (name: string) => admin.getByRole('checkbox', { name: `Select ${name}` })
  const all = admin.getByRole('checkbox', { name: 'Select all on this page' })

  const row = (name: string) => admin.getByRole('link', { name, exact: true })
  await expect(async () => {
    // A page that was just loaded may not respond yet.
    if (!(await row(kept).evaluate((link) => link === document.activeElement))) await admin.keyboard.press('j')
    await expect(row(kept)).toBeFocused({ timeout: 2_000 })
  }).toPass()
  for (const [key, name] of [
    ['j', first],
    ['j', second],
    ['j', second],
    ['k', first],
  ] as const) {
    await admin.keyboard.press(key)
    await expect(row(name)).toBeFocused()
  }
  await admin.keyboard.press('x')
  await expect(select(first)).toBeChecked()
  await admin.keyboard.press('x')
  await expect(select(first)).not.toBeChecked()

  await all.check()
  await expect(admin.getByText('3 selected')).toBeVisible()
  await select(kept).uncheck()
  await expect(all).not.toBeChecked()
  await expect(admin.getByText('2 selected')).toBeVisible()
  const problems = await lookBeforeRelease(admin, 'spaces-selected', corners)

  await admin.getByRole('button', { name: 'Change end date' }).click()
  await expect(dialog.getByRole('list', { name: 'Selected spaces' })).toHaveText(`${first}${second}`)
  problems.push(...(await lookBeforeRelease(admin, 'spaces-end-many', corners)))
  await fillDate(dialog.getByLabel('Ends'), '2030-01-31')
  await dialog.getByRole('button', { name: 'Change end date' }).click()
  const told = admin.getByRole('alert').filter({ hasText: 'Changed the end date of 2 spaces' })
  await expect(told).toBeFocused()
  await expect(dialog).toHaveCount(0)
  await expect(select(first)).not.toBeChecked()
  expect(
    await sql(`SELECT name, ends_at FROM space WHERE name = ANY ($1) AND status <> 'deleted' ORDER BY ends_at, name`, [
      names,
    ]),
  ).toEqual([
    ...[first, second].map((name) => ({ name, ends_at: new Date('2030-01-31T23:59:59Z') })),
    { name: kept, ends_at: null },
  ])

  await select(first).check()
  await select(second).check()
  await admin.getByRole('button', { name: 'Hand over' }).click()
  await expect(dialog.getByRole('combobox', { name: 'New owner' })).toBeFocused()
  problems.push(...(await lookBeforeRelease(admin, 'spaces-hand-over-many', corners)))
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(admin.getByRole('button', { name: 'Hand over' })).toBeFocused()

  // While the dialog is open, one is replaced: another space has its name.
  await admin.getByRole('button', { name: 'Delete', exact: true }).click()
  const confirm = dialog.getByRole('button', { name: 'Delete', exact: true })
  await expect(confirm).toBeDisabled()
  await dialog.getByLabel('Type delete 2 spaces to confirm').fill('delete 3 spaces')
  await expect(confirm).toBeDisabled()
  await dialog.getByLabel('Type delete 2 spaces to confirm').fill('delete 2 spaces')
  problems.push(...(await lookBeforeRelease(admin, 'spaces-delete-many', corners)))
  const later = uniqueName('later')
  await sql(`UPDATE space SET name = $2 WHERE name = $1 AND status <> 'deleted'`, [second, later])
  try {
    await confirm.click()
    const some = admin.getByRole('alert').filter({ hasText: 'Deleting 1 space; 1 failed' })
    await expect(some).toBeFocused()
    await expect(some).toContainText(`${second}: Not found, or not shared with you.`)
    problems.push(...(await lookBeforeRelease(admin, 'spaces-bulk-outcome', corners)))
    await expect(select(later), 'failed spaces stay selected').toBeChecked()
    await expect(select(first)).toHaveCount(0)
  } finally {
    await sql(`UPDATE space SET name = $2 WHERE name = $1`, [later, second])
  }
  await expect
    .poll(async () => await sql(`SELECT status FROM space WHERE name = $1`, [first]), { timeout: 60_000 })
    .toEqual([{ status: 'deleted' }])
  expect(await sql(`SELECT count(*)::int FROM space WHERE name = ANY ($1) AND status = 'ready'`, [names])).toEqual([
    { count: 2 },
  ])

  await owner.goto(stack.webUrl)
  await expect(rows(owner).filter({ hasText: kept })).toHaveCount(1)
  await expect(owner.getByRole('checkbox')).toHaveCount(0)
  expect(problems).toEqual([])
})

test('many spaces are deleted a few at a time, with progress', async ({ as, stack, sql }) => {
  test.setTimeout(180_000)
  const [, admin] = [await as('bela'), await as('carol')]
  const prefix = uniqueName('heap')
  // No cluster has them, so deleted spaces are gone at once.
  await sql(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, description, size, owner_id, status, generation, observed_generation)
     SELECT gen_random_uuid(), c.id, $1 || '-' || i, $1 || '-' || i, 'x', '', 'S', u.id, 'ready', 1, 1
     FROM generate_series(11, 22) i, user_account u, (SELECT id FROM cluster ORDER BY name LIMIT 1) c WHERE u.handle LIKE 'bela-%'`,
    [prefix],
  )
  await sql(
    `INSERT INTO space_usage (space_id, usage, observed_at)
     SELECT id, '[{"resource": "pods", "used": "2", "hard": "20", "ratio": 0.1}]', now() FROM space WHERE name LIKE $1`,
    [`${prefix}-%`],
  )
  await admin.goto(`${stack.webUrl}/?search=${prefix}`)
  await expect(rows(admin)).toHaveCount(12)
  await admin.getByRole('checkbox', { name: 'Select all on this page' }).check()
  await admin.getByRole('button', { name: 'Delete', exact: true }).click()
  const dialog = admin.getByRole('dialog')
  await expect(dialog).toContainText('24 pods and 0 volumes, as last counted')
  await dialog.getByLabel('Type delete 12 spaces to confirm').fill('delete 12 spaces')
  const held: (() => void)[] = []
  await admin.route('**/*', async (route) => {
    if (route.request().method() === 'POST') await new Promise<void>((go) => held.push(go))
    await route.continue()
  })
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
  const progress = dialog.getByRole('status')
  for (const tried of [0, 5, 10]) {
    await expect(progress).toContainText(`${tried} of 12 spaces done…`)
    if (tried === 5) expect(await lookBeforeRelease(admin, 'spaces-bulk-progress', corners)).toEqual([])
    await expect.poll(() => held.length).toBe(1)
    held.pop()?.()
  }
  await expect(admin.getByRole('alert').filter({ hasText: 'Deleting 12 spaces' })).toBeFocused()
  await expect
    .poll(async () => await sql(`SELECT DISTINCT status FROM space WHERE name LIKE $1`, [`${prefix}-%`]), {
      timeout: 60_000,
    })
    .toEqual([{ status: 'deleted' }])
})

test('the chosen columns are there from the first paint, in this browser', async ({ as, stack, sql }) => {
  const admin = await as('carol')
  const name = uniqueName('columns-of-a-rather-long-name')
  await sql(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, description, size, owner_id, status, generation, observed_generation)
     SELECT gen_random_uuid(), c.id, $1, $1, 'x', 'Payments of the web shop', 'S', u.id, 'ready', 1, 1
     FROM user_account u, (SELECT id FROM cluster ORDER BY name LIMIT 1) c WHERE u.handle LIKE 'carol-%'`,
    [name],
  )
  await sql(
    `INSERT INTO space_use (space_id, user_id, last_used_at)
     SELECT id, owner_id, now() - interval '3 days' FROM space WHERE name = $1`,
    [name],
  )
  const headers = admin.getByRole('columnheader')
  // Beside the rail, some columns fold on narrower windows.
  await admin.setViewportSize({ width: 1440, height: 900 })
  const usual = ['Select', 'Name', 'Status', 'Description', 'Role', 'Size', 'Usage', 'Owner', 'Created', 'Ends']
  try {
    await admin.goto(`${stack.webUrl}/?search=${name}`)
    await expect(headers).toHaveText(usual)
    await admin.getByRole('button', { name: 'Columns' }).click()
    await expect(admin.getByRole('menuitemcheckbox', { name: 'Status' })).toBeFocused()
    await admin.getByRole('menuitemcheckbox', { name: 'Last used' }).click()
    await expect(headers).toHaveText([...usual, 'Last used'])
    await expect(admin.getByRole('cell', { name: '3 days ago' })).toBeVisible()
    const problems = await lookBeforeRelease(admin, 'spaces-columns')
    await admin.getByRole('menuitemcheckbox', { name: 'Owner' }).click()
    await admin.getByRole('menuitemcheckbox', { name: 'Role' }).press('Enter')
    await admin.keyboard.press('Escape')
    await expect(admin.getByRole('button', { name: 'Columns' })).toBeFocused()
    const chosen = ['Select', 'Name', 'Status', 'Description', 'Size', 'Usage', 'Created', 'Ends', 'Last used']
    await expect(headers).toHaveText(chosen)

    // Browsers set the cookie a moment later.
    await expect(async () => {
      const html = await (await admin.request.get(`${stack.webUrl}/?search=${name}`)).text()
      expect(html, 'the server renders them').toContain('>Last used<')
      expect(html).not.toContain('Spaces of Carol Example')
    }).toPass({ timeout: 10_000 })
    await admin.reload()
    await expect(headers).toHaveText(chosen)
    await admin.context().addCookies([{ name: 'spaceport-columns', value: '%22><script>.ends', url: stack.webUrl }])
    await admin.reload()
    await expect(headers).toHaveText(['Select', 'Name', 'Description', 'Ends'])
    expect(problems).toEqual([])
  } finally {
    await admin.context().clearCookies({ name: 'spaceport-columns' })
    await sql(`UPDATE space SET status = 'deleted', deleted_at = now() WHERE name = $1`, [name])
  }
})

test('a platform admin’s deletion request is refused when others send it, or when it is changed', async ({
  as,
  stack,
  sql,
}) => {
  const [member, admin] = [await as('bea'), await as('carol')]
  const [one, two] = [uniqueName('forged-one'), uniqueName('forged-two')]
  await sql(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, description, size, owner_id, status, generation, observed_generation)
     SELECT gen_random_uuid(), c.id, made.name, made.name, 'x', '', 'S', u.id, 'ready', 1, 1
     FROM unnest($1::text[]) AS made (name), user_account u, (SELECT id FROM cluster ORDER BY name LIMIT 1) c WHERE u.handle LIKE 'carol-%'`,
    [[one, two]],
  )
  try {
    await admin.goto(`${stack.webUrl}/?search=forged-`)
    await admin.getByRole('checkbox', { name: 'Select all on this page' }).check()
    await admin.getByRole('button', { name: 'Delete', exact: true }).click()
    const dialog = admin.getByRole('dialog')
    await dialog.getByLabel('Type delete 2 spaces to confirm').fill('delete 2 spaces')
    const remove = await recordAction(admin, () => dialog.getByRole('button', { name: 'Delete', exact: true }).click())

    const cookie = (await member.context().cookies(stack.webUrl))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
    const { text } = await remove.replay({ headers: { cookie } })
    expect(text.match(/Not found, or not shared with you\./g)).toHaveLength(2)

    const [id] = (await sql('SELECT id FROM space WHERE name = $1', [one])).map((row) => String(row.id))
    const [other] = (await sql('SELECT id FROM space WHERE name = $1', [two])).map((row) => String(row.id))
    const forged: [why: string, from: string, to: string][] = [
      ['another number was typed', 'delete 2 spaces', 'delete 3 spaces'],
      ['nothing was typed', 'delete 2 spaces', ''],
      ['the same space twice', String(other), String(id)],
      ['too many', String(id), `${String(id)}/main/a,`.repeat(10_000)],
      ['no ids', String(id), one],
    ]
    for (const [why, from, to] of forged) {
      const refused = await remove.replay({ replace: [[from, to]] })
      expect(refused.text.includes('"code":"bad_input"') || refused.status === 413, why).toBe(true)
    }
    // Each id belongs to its name.
    const swapped = await remove.replay({
      replace: [
        [one, 'gone'],
        [two, one],
        ['gone', two],
      ],
    })
    expect(swapped.text.match(/Not found, or not shared with you\./g)).toHaveLength(2)
    expect(await sql('SELECT DISTINCT status FROM space WHERE name = ANY ($1)', [[one, two]])).toEqual([
      { status: 'ready' },
    ])
  } finally {
    await sql(`UPDATE space SET status = 'deleted', deleted_at = now() WHERE name = ANY ($1)`, [[one, two]])
  }
})
