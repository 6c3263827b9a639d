import type { Locator } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { expect, test } from '#e2e/fixtures/test.ts'

const topOf = (one: Locator) => one.evaluate((node) => node.getBoundingClientRect().top)

test('the first row of the trail, of people and of credentials is near the top, below one line of filters', async ({
  as,
  stack,
  seedSpace,
  kubectlFor,
}) => {
  const member = await as('nadja')
  const name = uniqueName('row')
  await seedSpace(member, { name })
  await kubectlFor(member, name)
  const admin = await as('carol')
  await admin.setViewportSize({ width: 1440, height: 900 })
  for (const [path, form, row] of [
    ['/audit', 'Filter the trail', 'main [role=region] li, main section li'],
    ['/admin/people', 'Filter people', 'main tbody tr'],
    ['/admin/credentials', 'Filter credentials', 'main tbody tr'],
  ] as const) {
    await admin.goto(`${stack.webUrl}${path}`)
    const first = admin.locator(row).first()
    await expect(first, path).toBeVisible()
    expect(await topOf(first), path).toBeLessThan(320)
    const fields = await admin.getByRole('form', { name: form }).locator('.control:visible').all()
    expect(fields.length, path).toBeGreaterThan(2)
    const tops = await Promise.all(fields.map(topOf))
    expect(Math.max(...tops) - Math.min(...tops), path).toBeLessThan(2)
  }
})
