import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { expect, test } from '#e2e/fixtures/test.ts'

test('an entry is one line of 36 px with its time and actor in columns, and opens to its whole sentence', async ({
  as,
  stack,
  sql,
}) => {
  const name = uniqueName('an-object-whose-name-is-so-long-that-one-line-has-no-room-for-all-of-it')
  await sql(
    `INSERT INTO audit_event (id, action, at, actor_kind, actor_name, target_kind, target_name, observer, destination, outcome)
     VALUES (gen_random_uuid(), 'space.update', now(), 'system', 'worker', 'space', $1, 'worker/e2e', 'portal', 'ok')`,
    [name],
  )
  const page = await as('dave')
  const list = page.getByRole('region', { name: 'Actions, newest first' })
  const entries = list.locator(':scope > div > div > ul > li')
  for (const width of [1440, 1024]) {
    await page.setViewportSize({ width, height: 900 })
    await page.goto(`${stack.webUrl}/audit`)
    await expect(entries.first()).toBeVisible()
    const heights = await entries.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height))
    expect(new Set(heights), `at ${width}`).toEqual(new Set([36]))
    const lefts = await entries.locator('.trail-actor').evaluateAll((all) =>
      // Repeats are folded.
      all.filter((one) => one.checkVisibility()).map((one) => Math.round(one.getBoundingClientRect().left)),
    )
    expect(new Set(lefts).size, `actors at ${width}`).toBe(1)
  }

  const long = entries.filter({ hasText: name }).first()
  const isCut = () => long.locator('.trail-text').evaluate((text) => text.scrollWidth > text.clientWidth)
  expect(await isCut()).toBe(true)
  await expect(long.locator('time').first()).toHaveText(/^\d{2}:\d{2}:\d{2}$/)
  await long.click({ position: { x: 20, y: 18 } })
  await expect(long.getByRole('link', { name: 'Event page' })).toBeVisible()
  expect(await isCut()).toBe(false)
})

test('the day stays in sight above its entries', async ({ as, stack, sql }) => {
  await sql(
    `INSERT INTO audit_event (id, action, at, actor_kind, actor_name, target_kind, target_name, observer, destination, outcome)
     SELECT gen_random_uuid(), 'space.update', now(), 'system', 'worker', 'space', $1 || n, 'worker/e2e', 'portal', 'ok' FROM generate_series(1, 40) AS n`,
    [uniqueName('many')],
  )
  const page = await as('dave')
  await page.setViewportSize({ width: 1440, height: 400 })
  await page.goto(`${stack.webUrl}/audit`)
  const day = page.getByRole('heading', { name: /^Today UTC$/ })
  await expect(day).toBeVisible()
  await page.mouse.wheel(0, 600)
  await expect.poll(async () => (await day.boundingBox())?.y).toBe(0)
})
