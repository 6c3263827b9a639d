import type { Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { expect, test } from '#e2e/fixtures/test.ts'

/** The words on a page, without those of past versions. */
async function wordsOf(page: Page): Promise<string[]> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const history = page.getByRole('region', { name: 'History' })
  // biome-ignore lint/performance/useDomNodeTextContent: only rendered words count
  const read = (part: typeof history) => part.innerText()
  const past = (await history.count()) === 0 ? '' : await read(history)
  const text = (await read(page.getByRole('main'))).replace(past, '')
  return text.split(/\s+/).filter((word) => /\p{Letter}/u.test(word))
}

test('the policy and the profile take few words', async ({ as, stack }) => {
  const [admin, member] = [await as('carol'), await as('wilma')]
  await admin.goto(`${stack.webUrl}/admin/policy`)
  expect((await wordsOf(admin)).length).toBeLessThanOrEqual(200)
  await member.goto(`${stack.webUrl}/profile`)
  expect((await wordsOf(member)).length).toBeLessThanOrEqual(180)
})

test('an info mark explains a field, by keyboard too', async ({ as, stack }) => {
  const page = await as('carol')
  await page.goto(`${stack.webUrl}/admin/policy`)
  const field = page.getByLabel('Spaces per person')
  await expect(field).toHaveAccessibleDescription('More spaces need approval.')
  const said = page.getByText('More spaces need approval.')
  await expect(said).toBeHidden()
  const mark = page.getByRole('button', { name: 'Explanation' }).first()
  await expect(mark).toHaveAccessibleDescription('Spaces per person')
  await mark.press('Enter')
  await expect(said).toBeInViewport()
  const [box, panel] = [await mark.boundingBox(), await said.boundingBox()]
  expect((panel?.y ?? 0) - (box?.y ?? 0), 'just below').toBeLessThan(60)
  await page.keyboard.press('Escape')
  await expect(said).toBeHidden()
  await expect(mark).toBeFocused()
})

test('each section says at most one sentence, and the rest on demand', async ({ as, stack, seedSpace }) => {
  test.setTimeout(180_000)
  const [admin, member] = [await as('carol'), await as('wilma')]
  const name = uniqueName('brief')
  await seedSpace(member, { name })
  const sentences = /(?<=\S\S)[.!?](?=\s|$)/g
  for (const [page, paths] of [
    [
      admin,
      [
        ...['/', '/inbox', '/requests', '/requests/open', '/admin', '/admin/people', '/admin/policy', '/admin/reviews'],
        ...['/admin/clusters', '/admin/provisioning', '/admin/credentials', '/audit', '/audit/exports'],
      ],
    ],
    [
      member,
      [
        ...['/spaces/new', '/credentials', '/profile', '/inbox/settings', '/requests/new', `/spaces/${name}`],
        ...['connect', 'access', 'access/report', 'activity', 'logs', 'configuration', 'settings'].map(
          (view) => `/spaces/${name}/${view}`,
        ),
      ],
    ],
  ] as const)
    for (const path of paths) {
      await page.goto(`${stack.webUrl}${path}`)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      for (const text of await page.locator('[data-about]').allTextContents())
        expect.soft(text.match(sentences)?.length ?? 0, `${path}: ${text}`).toBeLessThanOrEqual(1)
    }
})
