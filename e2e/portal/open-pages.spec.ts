import { setTimeout as delay } from 'node:timers/promises'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { inThreeDays } from '#e2e/fixtures/in-three-days.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'
import { fillDate } from '#e2e/models/date-field.ts'
import { spacePage } from '#e2e/models/space-page.ts'

test('an unattended page of a space stops refreshing, and catches up when the person returns', async ({
  as,
  stack,
  sql,
  seedSpace,
}) => {
  const page = await as('tess')
  const name = uniqueName('alone')
  await seedSpace(page, { name, description: 'as it was' })
  const space = spacePage(page, stack.webUrl, name)
  await page.clock.install()
  await space.open()
  const change = async (description: string) => {
    const heard = await page.evaluateHandle(
      (path) =>
        new Promise<{ change: Promise<unknown> }>((resolve) => {
          const source = new EventSource(path)
          const change = new Promise((told) => source.addEventListener('change', told, { once: true }))
          source.onopen = () => resolve({ change: change.finally(() => source.close()) })
        }),
      `/api/spaces/${name}/live`,
    )
    const told = heard.evaluate(({ change }) => change.then(() => true))
    // The stream opens before the server listens, so changes in between are not sent.
    await expect
      .poll(
        async () => {
          await sql('UPDATE space SET description = $1 WHERE name = $2', [description, name])
          return Promise.race([told, delay(1_000, false)])
        },
        { intervals: [0] },
      )
      .toBe(true)
    await page.clock.runFor(2_000)
  }
  await change('as it is')
  await expect(page.getByText('as it is')).toBeVisible()

  await page.clock.fastForward('11:00')
  const asked: string[] = []
  page.on('request', (request) => {
    if (request.headers().rsc) asked.push(request.url())
  })
  await change('as it will be')
  expect(asked).toEqual([])
  await page.mouse.move(200, 200)
  await page.mouse.move(220, 240)
  await expect(page.getByText('as it will be')).toBeVisible()
})

test('a change between rendering a page and opening its stream is shown', async ({ as, stack, sql, seedSpace }) => {
  const page = await as('tess')
  const name = uniqueName('between')
  await seedSpace(page, { name, description: 'as it was' })
  const space = spacePage(page, stack.webUrl, name)
  const [asked, changed] = [Promise.withResolvers<string | null>(), Promise.withResolvers<void>()]
  await page.route('**/api/spaces/*/live*', async (route) => {
    asked.resolve(new URL(route.request().url()).searchParams.get('after'))
    await changed.promise
    await route.continue()
  })
  await space.open()
  await expect(page.getByText('as it was')).toBeVisible()
  expect(await asked.promise, 'when the page was made').toMatch(/^\d+$/)
  await sql('UPDATE space SET description = $1 WHERE name = $2', ['as it is', name])
  changed.resolve()
  await expect(page.getByText('as it is')).toBeVisible()
})

test('saving an old form doesn’t overwrite others’ changes to untouched fields', async ({
  as,
  stack,
  sql,
  seedSpace,
}) => {
  await (await as('ben')).goto(stack.webUrl)
  const page = await as('olga')
  const name = uniqueName('open')
  await seedSpace(page, { name })
  const access = accessPage(page, stack.webUrl, name)
  await access.open()
  await access.addSuggested({ who: 'Ben', role: 'admin' }, /Ben Example/)
  const row = access.members.getByRole('row', { name: /Ben Example/ })
  await expect(row).toContainText('Admin')
  await page.getByRole('button', { name: 'Change Ben Example' }).click()
  await sql(`UPDATE space_grant SET role = 'viewer' WHERE space_id = (SELECT id FROM space WHERE name = $1)`, [name])
  // The page updates behind the dialog.
  await expect(page.locator('table').filter({ hasText: 'Ben Example' })).toContainText('Viewer')
  const dialog = page.getByRole('dialog')
  await fillDate(dialog.getByLabel('Ends'), inThreeDays())
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(row).toContainText('Viewer')
  await expect(row).not.toContainText('No end')

  await spacePage(page, stack.webUrl, name).open('settings')
  const save = page.getByRole('form', { name: 'Details' }).getByRole('button', { name: 'Save' })
  await page.getByLabel('Description').fill('mine')
  await save.click()
  await expect(page.getByText(/^Saved the settings of/)).toBeVisible()
  await sql('UPDATE space SET description = $1 WHERE name = $2', ['theirs', name])
  const nextWeek = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10)
  await page.getByRole('button', { name: '7 days' }).click()
  await expect(page.getByLabel('Ends')).toHaveValue(nextWeek)
  await expect(page.getByRole('button', { name: '7 days', pressed: true })).toBeVisible()
  await save.click()
  await expect
    .poll(() => sql('SELECT description, ends_at AS ends FROM space WHERE name = $1', [name]))
    .toEqual([{ description: 'theirs', ends: new Date(`${nextWeek}T23:59:59Z`) }])
})
