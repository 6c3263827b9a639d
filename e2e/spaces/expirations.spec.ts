import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { requestPage } from '#e2e/models/request-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

/** The day (UTC) that is so many days from now. */
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const endOf = (day: string) => new Date(`${day}T23:59:59Z`)
/** `Fri 27 Nov, 23:59 UTC` */
const inWords = (day: string) => {
  const [weekday, date, month] = endOf(day).toUTCString().replace(',', '').split(' ')
  return `${weekday} ${Number(date)} ${month}, 23:59 UTC`
}
const setEnd = 'UPDATE space SET ends_at = $1 WHERE name = $2'

test('a space that ends soon shows that everywhere, and its owner can keep it', async ({
  as,
  stack,
  sql,
  seedSpace,
}) => {
  test.setTimeout(180_000)
  const problems: string[] = []
  const [owner, admin] = [await as('enno'), await as('carol')]
  const name = uniqueName('ending')
  const space = spacePage(owner, stack.webUrl, name)
  await seedSpace(owner, { name })
  const [five, two] = [dayIn(5), dayIn(2)]

  // Within a week: a chip, and no banner.
  await sql(setEnd, [endOf(five), name])
  await space.open()
  await expect(owner.getByText(`Ends in 5 days · ${inWords(five)}`)).toBeVisible()
  await expect(owner.getByText('This space ends')).toHaveCount(0)

  await sql(setEnd, [endOf(two), name])
  for (const page of [owner, admin]) {
    await page.goto(`${stack.webUrl}/?search=${name}`)
    const row = page.getByRole('row').filter({ hasText: name })
    await expect(row).toContainText('in 2 days')
    await expect(row.getByText('in 2 days')).toHaveAttribute('datetime', endOf(two).toISOString())
  }
  problems.push(...(await lookBeforeRelease(owner, 'endings-list')))
  for (const view of ['', 'access', 'connect', 'activity', 'settings']) {
    await space.open(view)
    await expect(owner.getByText(`This space ends in 2 days, on ${inWords(two)}`)).toBeVisible()
    await expect(owner.getByRole('link', { name: 'Change end date' })).toBeVisible()
  }
  await space.open()
  problems.push(...(await lookBeforeRelease(owner, 'endings-owner')))
  await owner.getByRole('button', { name: 'Keep it' }).click()
  const dialog = owner.getByRole('dialog')
  const kept = dayIn(30)
  await expect(dialog).toContainText(`It then ends in 30 days, on ${inWords(kept)}, instead of ${inWords(two)}.`)
  problems.push(...(await lookBeforeRelease(owner, 'endings-keep')))
  await dialog.getByRole('button', { name: 'Keep it' }).click()
  await expect(owner.getByText(`${name} ends on ${inWords(kept)}.`)).toBeVisible()
  await expect(owner.getByText('This space ends')).toHaveCount(0)
  await expect(owner.getByText(/Ends in \d+ days ·/)).toHaveCount(0)
  expect(await sql('SELECT ends_at FROM space WHERE name = $1', [name])).toEqual([{ ends_at: endOf(kept) }])
  expect(problems).toEqual([])
})

test('a member asks to extend the space and their own role, with the form filled in', async ({
  as,
  stack,
  sql,
  seedSpace,
}) => {
  test.setTimeout(180_000)
  const problems: string[] = []
  const [owner, member] = [await as('enno'), await as('elsa')]
  const name = uniqueName('ending')
  const endsAt = endOf(dayIn(1))
  await seedSpace(owner, { name, members: [{ principal: 'elsa@example.com', role: 'editor', endsAt }] })
  await sql(setEnd, [endOf(dayIn(2)), name])
  const field = (label: string) => member.getByRole('textbox', { name: label })
  const role = member.getByRole('combobox', { name: 'Role' })

  await member.goto(stack.webUrl)
  const row = member.getByRole('row').filter({ hasText: name })
  await expect(row).toContainText('until tomorrow, 23:59 UTC')
  problems.push(...(await lookBeforeRelease(member, 'endings-role-list')))
  await row.getByRole('link', { name: 'Ask for more' }).click()
  await expect(field('Space')).toHaveValue(name)
  await expect(role).toHaveValue('editor')

  await spacePage(member, stack.webUrl, name).open()
  await expect(member.getByText('editor until tomorrow, 23:59 UTC')).toBeVisible()
  await expect(member.getByRole('button', { name: 'Keep it' })).toHaveCount(0)
  await expect(member.getByRole('link', { name: 'Change end date' })).toHaveCount(0)
  problems.push(...(await lookBeforeRelease(member, 'endings-member')))
  await member.getByRole('link', { name: 'Ask for more time' }).click()
  await expect(field('Space')).toHaveValue(name)
  await expect(field('Reason')).toHaveValue('My role ends soon, and I still need it.')

  await spacePage(member, stack.webUrl, name).open('access')
  await member.getByRole('link', { name: 'Ask to extend' }).click()
  await expect(role).toHaveValue('admin')
  await expect(field('Reason')).toHaveValue(/^The space ends soon\. Please extend it/)
  await member.getByRole('button', { name: 'Request access' }).click()
  await member.waitForURL(/\/requests\/[0-9a-f-]{36}/)
  await requestPage(owner, stack.webUrl).openWaiting(`Admin role in ${name} for 7 days`)
  await expect(owner.getByText(/The space ends soon\. Please extend it/).first()).toBeVisible()

  // A link can't fill in a reason.
  await member.goto(`${stack.webUrl}/requests/new?space=${name}&why=Make%20me%20admin&reason=Make%20me%20admin`)
  await expect(field('Reason')).toHaveValue('')
  expect(problems).toEqual([])
})

test('a warning about an expiring kubeconfig stays until there is a new one', async ({
  as,
  stack,
  sql,
  dir,
  seedSpace,
}) => {
  test.setTimeout(180_000)
  const problems: string[] = []
  const page = await as('elsa')
  const name = uniqueName('ending')
  const space = spacePage(page, stack.webUrl, name)
  await seedSpace(page, { name })
  await space.downloadKubeconfig(`${dir}/one.yaml`)
  const row = page.getByRole('table', { name: 'Active credentials', exact: true }).getByRole('row', { name })
  await page.goto(`${stack.webUrl}/credentials`)
  await expect(row).toContainText('Never')
  await expect(row.getByRole('link', { name: 'Download a new one' })).toHaveCount(0)

  await sql(
    `UPDATE credential SET created_at = now() - interval '20 hours', ends_at = now() + interval '5 hours'
     WHERE space_id = (SELECT id FROM space WHERE name = $1)`,
    [name],
  )
  await page.reload()
  await expect(row).toContainText('in 5 hours')
  problems.push(...(await lookBeforeRelease(page, 'endings-credentials')))
  await row.getByRole('link', { name: 'Download a new one' }).click()
  await page.waitForURL('**/connect')
  const told = page.getByText('Your kubeconfig expires in 5 hours')
  await expect(told).toBeVisible()
  problems.push(...(await lookBeforeRelease(page, 'endings-connect')))
  await space.downloadKubeconfig(`${dir}/two.yaml`)
  await space.open('connect')
  await expect(page.getByRole('button', { name: 'Download kubeconfig' })).toBeVisible()
  await expect(told).toHaveCount(0)
  expect(problems).toEqual([])
})
