import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { spacePage } from '#e2e/models/space-page.ts'

/** More tab stops than any page has. */
const maxStops = 80

/** Presses Tab until a control has the focus. It must be visible then, as for a sighted keyboard user. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  await expect(control).toBeVisible()
  for (let stop = 0; stop < maxStops; stop++) {
    if (await control.evaluate((element) => element === document.activeElement)) return expect(control).toBeInViewport()
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab doesn’t lead to ${control}`)
}

test('the main workflow works by keyboard alone: sign in, create, connect, add and remove a member, delete', async ({
  as,
  browser,
  stack,
  dir,
  kubectl,
}) => {
  test.setTimeout(180_000)
  await as('kofi')
  const page = await (await browser.newContext()).newPage()
  const { keyboard } = page
  const use = async (control: Locator) => {
    await tabTo(page, control)
    await keyboard.press('Enter')
  }
  const name = uniqueName('keys')
  const space = spacePage(page, stack.webUrl, name)
  const tab = (view: string) =>
    page.getByRole('navigation', { name: `Views of ${name}` }).getByRole('link', { name: view })

  await test.step('sign in', async () => {
    await page.goto(stack.webUrl)
    await use(page.getByRole('button', { name: 'Sign in', exact: true }))
    await tabTo(page, page.getByRole('textbox', { name: /user ?name|e-?mail/i }))
    await keyboard.type('kira')
    await tabTo(page, page.getByLabel(/^password/i))
    await keyboard.type('kira')
    await keyboard.press('Enter')
    await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible()
  })

  await test.step('create a space', async () => {
    await expect(async () => {
      // A page that has just loaded may not listen yet.
      if (!page.url().endsWith('/spaces/new')) await keyboard.press('c')
      await page.waitForURL('**/spaces/new', { timeout: 2_000 })
    }).toPass()
    await tabTo(page, page.getByRole('textbox', { name: 'Name', exact: true }))
    await keyboard.type(name)
    await use(page.getByRole('button', { name: 'Create space' }))
    await space.waitUntilReady()
    await expect(space.heading, 'focus after creation').toBeFocused()
  })

  await test.step('connect, and work with kubectl', async () => {
    await use(tab('Connect'))
    // The overview has a button of the same name.
    await page.waitForURL('**/connect')
    const download = page.waitForEvent('download')
    await use(page.getByRole('button', { name: 'Download kubeconfig' }))
    const file = join(dir, 'keyboard.yaml')
    await (await download).saveAs(file)
    await kubectl(file).ok(['create', 'configmap', 'by-keyboard'])
  })

  const dialog = page.getByRole('dialog')
  const member = page.getByRole('row', { name: /Kofi Example/ })
  await test.step('add a member among suggestions, and remove them', async () => {
    await use(tab('Access'))
    await use(page.getByRole('button', { name: 'Add member' }))
    await expect(dialog.getByRole('combobox', { name: 'Person or group' })).toBeFocused()
    await keyboard.type('kofi')
    // This line appears with the result for the whole text. A later result would deselect the option.
    await expect(dialog.getByRole('paragraph').filter({ hasText: 'Kofi Example' })).toBeVisible()
    await expect(dialog.getByRole('option', { name: /Kofi Example/ })).toBeVisible()
    await keyboard.press('ArrowDown')
    await keyboard.press('Enter')
    await use(dialog.getByRole('button', { name: 'Add', exact: true }))
    await expect(member).toContainText('Viewer')
    await expect(page.getByRole('button', { name: 'Add member' }), 'focus after the dialog').toBeFocused()

    await use(page.getByRole('button', { name: 'Remove Kofi Example' }))
    await use(dialog.getByRole('button', { name: 'Remove', exact: true }))
    await expect(member).toHaveCount(0)
    await expect(page.locator('body'), 'focus stays in place').not.toBeFocused()
  })

  await test.step('delete the space', async () => {
    await use(tab('Settings'))
    await use(page.getByRole('button', { name: 'Delete space' }))
    await tabTo(page, dialog.getByRole('textbox', { name: `Type ${name} to confirm` }))
    await keyboard.type(name)
    await use(dialog.getByRole('button', { name: 'Delete', exact: true }))
    await expect(space.gone).toBeVisible({ timeout: 60_000 })
  })
})
