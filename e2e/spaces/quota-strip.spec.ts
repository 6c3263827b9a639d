import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { spacePage } from '#e2e/models/space-page.ts'

test('a space’s quota is a strip under its tabs, as wide as the page: five cells in a row, two on a phone', async ({
  as,
  stack,
  seedSpace,
}) => {
  const page = await as('quirin')
  const name = uniqueName('strip')
  await seedSpace(page, { name })
  const strip = page.getByRole('region', { name: 'Quota' })
  const cells = strip.getByRole('listitem')
  const tabs = page.getByRole('navigation', { name: `Views of ${name}` })
  const rowsOfCells = async () => {
    const tops = await cells.evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)))
    return [...new Set(tops)].map((top) => tops.filter((one) => one === top).length)
  }
  await spacePage(page, stack.webUrl, name).open()
  await expect(cells).toHaveText([
    /^CPU requests0(\.\d+)? of 2 CPUsLimits/,
    /^Memory requests0(\.\d+)? of 4 GiBLimits/,
    /^Pods0 of 20$/,
    /^Volumes0 of \d+$/,
    /^Storage0 of 20 GiB$/,
  ])
  await expect(strip.getByRole('meter', { name: 'Pods' })).toHaveAttribute('aria-valuetext', '0 of 20')
  for (const [width, rows] of [
    [1440, [5]],
    [1024, [5]],
    [390, [2, 2, 1]],
    [360, [2, 2, 1]],
  ] as const) {
    await page.setViewportSize({ width, height: 900 })
    const [above, below] = [await tabs.boundingBox(), await strip.boundingBox()]
    // On a phone, the tabs reach the edges of the window.
    const [left, full] = width < 640 ? [16, width - 32] : [above?.x, above?.width]
    expect([below?.x, below?.width], `at ${width}`).toEqual([left, full])
    expect((below?.y ?? 0) - ((above?.y ?? 0) + (above?.height ?? 0)), `at ${width}`).toBeLessThanOrEqual(32)
    expect(await rowsOfCells(), `at ${width}`).toEqual(rows)
  }
})
