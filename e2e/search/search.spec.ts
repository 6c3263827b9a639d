import type { Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { signIn } from '#e2e/models/sign-in.ts'

function palette(page: Page) {
  const dialog = page.getByRole('dialog', { name: 'Search' })
  const input = dialog.getByRole('combobox')
  return {
    dialog,
    input,
    options: dialog.getByRole('option'),
    active: dialog.getByRole('option', { selected: true }),
    /** By shortcut, ⌘K or Ctrl-K. */
    open: () =>
      expect(async () => {
        // A page that was just loaded may not listen yet.
        if (!(await dialog.isVisible())) await page.keyboard.press('ControlOrMeta+k')
        await expect(input).toBeFocused({ timeout: 2_000 })
      }).toPass(),
    /** Waits until its field is gone: an earlier key would still go there. */
    close: async () => {
      await page.keyboard.press('Escape')
      await expect(page.locator('dialog [role="combobox"]')).toHaveCount(0)
    },
  }
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true })

test('a space is found, opened and its kubeconfig downloaded by keyboard alone, and both are offered again', async ({
  as,
  stack,
  dir,
  kubectl,
  seedSpace,
}) => {
  test.setTimeout(120_000)
  const page = await as('pavel')
  const name = uniqueName('sought')
  await seedSpace(page, { name, description: 'Found by its words' })
  await page.goto(`${stack.webUrl}/credentials`)
  const { open, input, active, options, dialog } = palette(page)

  await open()
  await input.fill(name)
  await expect(active).toContainText(name)
  await input.press('Enter')
  await expect(page).toHaveURL(`${stack.webUrl}/spaces/${name}`)
  await expect(heading(page, name)).toBeFocused()

  await open()
  await input.fill(`kubeconfig for ${name}`)
  await expect(active).toHaveText(`Download kubeconfig for ${name}`)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    expect(page.getByText(/\.yaml downloaded\. It expires on/)).toBeVisible(),
    input.press('Enter'),
  ])
  const file = `${dir}/kubeconfig.yaml`
  await download.saveAs(file)
  await kubectl(file).ok(['get', 'pods'])

  await open()
  await expect(options.nth(0)).toHaveText(`Download kubeconfig for ${name}`)
  await expect(options.nth(1)).toContainText(name)
  await input.press('ArrowDown')
  await input.press('ArrowDown')
  await input.press('ArrowUp')
  await expect(active).toContainText(name)
  await expect(input).toHaveAttribute('aria-activedescendant', (await active.getAttribute('id')) ?? '')
  await input.press('Enter')
  await expect(page).toHaveURL(`${stack.webUrl}/spaces/${name}`)

  await open()
  await input.fill('words')
  await expect(active, 'by its description').toContainText(name)
  await input.fill(`${name} activity`)
  await expect(active).toHaveText(`Open Activity of ${name}`)
  await input.press('Enter')
  await expect(page).toHaveURL(`${stack.webUrl}/spaces/${name}/activity`)
  await expect(dialog).toHaveCount(0)
})

test('Escape and the shortcut close the palette and return the focus; Enter waits for the server’s results', async ({
  as,
  stack,
  seedSpace,
}) => {
  const page = await as('pavel')
  const name = uniqueName('late')
  await seedSpace(page, { name })
  await page.goto(`${stack.webUrl}/requests`)
  const { open, input, dialog } = palette(page)
  const button = page.getByRole('banner').getByRole('button', { name: 'Search' })
  await button.click()
  await expect(input).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(button).toBeFocused()
  await page.getByRole('link', { name: 'Credentials' }).focus()
  await open()
  await page.keyboard.press('ControlOrMeta+k')
  await expect(dialog).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'Credentials' })).toBeFocused()

  const answered = Promise.withResolvers<void>()
  await page.route('**/api/rows/search?text=*', async (route) => {
    await answered.promise
    await route.continue()
  })
  await open()
  await input.fill(name)
  await input.press('Enter')
  await expect(dialog).toBeVisible()
  answered.resolve()
  await expect(page).toHaveURL(`${stack.webUrl}/spaces/${name}`)
})

test('text typed before the palette is loaded is kept', async ({ as, stack }) => {
  const page = await as('pavel')
  await page.goto(`${stack.webUrl}/credentials`)
  const { input, close } = palette(page)
  const held = Promise.withResolvers<void>()
  await page.route('**/_next/static/**', async (route) => {
    await held.promise
    await route.continue()
  })
  const asked = page.waitForRequest('**/_next/static/**')
  await expect(async () => {
    await page.keyboard.press('ControlOrMeta+k')
    await Promise.race([asked, page.waitForTimeout(5_000).then(() => Promise.reject(new Error('not yet')))])
  }).toPass()
  await page.keyboard.type('credx')
  await page.keyboard.press('Backspace')
  held.resolve()
  await expect(input).toHaveValue('cred')
  await expect(input).toBeFocused()
  await close()
  await page.keyboard.press('ControlOrMeta+k')
  await expect(input, 'only the first time').toHaveValue('')
})

test('another person’s space is not found, and not shown to the next person who signs in here', async ({
  as,
  stack,
  sql,
  seedSpace,
}) => {
  const [owner, stranger] = [await as('pavel'), await as('polly')]
  const name = uniqueName('private')
  await seedSpace(owner, { name })
  const [row] = await sql('SELECT id FROM space WHERE name = $1', [name])
  await stranger.goto(stack.webUrl)
  await stranger.evaluate(
    (ids) => localStorage.setItem('spaceport-recent', JSON.stringify(ids)),
    [`space:${row?.id}`, `do:kubeconfig:${row?.id}`, 'page:/credentials'],
  )
  const { open, input, options, dialog } = palette(stranger)
  await open()
  await expect(options.first()).toHaveText('Credentials')
  await expect(dialog).not.toContainText(name)
  for (const text of [name, uniqueName('nowhere')]) {
    await input.fill(text)
    await expect(dialog.getByRole('status')).toHaveText(`Nothing found for “${text}”.`)
    await expect(options).toHaveCount(0)
  }
  await input.fill('pavel@example.com')
  await expect(dialog.getByRole('status')).toHaveText('Nothing found for “pavel@example.com”.')

  const admin = await as('carol')
  await admin.goto(stack.webUrl)
  const theirs = palette(admin)
  await theirs.open()
  await theirs.input.fill('pavel@example.com')
  await expect(theirs.active).toContainText('Pavel Example')
  await theirs.input.press('Enter')
  await expect(admin).toHaveURL(/\/admin\/people\/pavel-[0-9a-f]{6}$/)
})

test.describe('a search that fails', () => {
  test.use({ tolerated: /429/ })

  test('shows the error, and the next search works', async ({ as, stack }) => {
    const page = await as('polly')
    await page.goto(stack.webUrl)
    const { open, input, options, dialog } = palette(page)
    await open()
    await expect(options.first()).toBeVisible()
    await page.route('**/api/rows/search?text=*', (route) =>
      route.fulfill({ status: 429, json: { message: 'Too many requests. Wait a moment.' } }),
    )
    await input.fill('inbox')
    await expect(dialog.getByRole('status')).toHaveText('Too many requests. Wait a moment.')
    await expect(options.first(), 'known results are still shown').toContainText('Inbox')
    await page.unroute('**/api/rows/search?text=*')
    await input.fill('nothing-like-it')
    await expect(dialog.getByRole('status')).toHaveText('Nothing found for “nothing-like-it”.')
  })
})

test('the palette changes the theme and signs out', async ({ nobody: page, stack }) => {
  await signIn(page, stack.webUrl, { username: 'polly', password: 'polly' })
  const { dialog, open, input, options } = palette(page)
  await open()
  await input.fill('dark')
  await expect(options).toHaveText(['Use the dark theme'])
  await input.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(dialog).toHaveCount(0)
  await open()
  await input.fill('sign out')
  await input.press('Enter')
  await page.waitForURL('**/sign-in**')
})

test('shortcuts open pages, the search and the list of shortcuts, never from a field or a dialog, and can be turned off', async ({
  as,
  stack,
  seedSpace,
}) => {
  const page = await as('pavel')
  // The list of spaces has a search once there is a space.
  await seedSpace(page, { name: uniqueName('listed') })
  await page.goto(`${stack.webUrl}/profile`)
  await expect(heading(page, 'Profile')).toBeVisible()
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const go = async (keys: readonly string[], name: string) => {
    const began = performance.now()
    await press(...keys)
    // On a busy machine, the second of two keys may come too late for the sequence.
    if (performance.now() - began > 1_500) await press(...keys)
    await expect(heading(page, name)).toBeVisible()
  }
  const { open, close } = palette(page)
  await open()
  await close()
  for (const [keys, name] of [
    [['g', 's'], 'Your spaces'],
    [['g', 'r'], 'Your requests'],
    [['g', 'i'], 'Inbox'],
    [['c'], 'New space'],
  ] as const) {
    await go(keys, name)
    // The form of a new space starts in its first field.
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())
  }
  await press('g', 'a')
  await go(['g', 's'], 'Your spaces')
  await press('/')
  const search = page.getByRole('searchbox', { name: 'Search spaces' })
  await expect(search).toBeFocused()
  await press('c', '?', '/')
  await expect(search).toHaveValue('c?/')
  await search.fill('')
  await page.getByRole('link', { name: 'Requests' }).focus()
  await press('?')
  const list = page.getByRole('dialog', { name: 'Keys' })
  await expect(list).toContainText('New space')
  await press('c')
  await press('Escape')
  await expect(list).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'Requests' })).toBeFocused()
  await press('Alt+c', 'Shift+C')
  await expect(page).toHaveURL(new RegExp(`^${stack.webUrl}/(\\?|$)`))

  await page.goto(`${stack.webUrl}/profile`)
  await page.getByRole('checkbox', { name: /^Use single-key shortcuts/ }).uncheck()
  await page.reload()
  await expect(page.getByRole('checkbox', { name: /^Use single-key shortcuts/ })).not.toBeChecked()
  await open()
  await close()
  await heading(page, 'Profile').click()
  await press('c', '?', 'g', 's')
  await open()
  await expect(page, 'only shortcuts with Ctrl or ⌘ are left').toHaveURL(`${stack.webUrl}/profile`)
})

test('the palette and the list of shortcuts are accessible and fit', async ({ as, stack }) => {
  test.setTimeout(120_000)
  const page = await as('pavel')
  const problems: string[] = []
  await page.goto(stack.webUrl)
  const { open, input, options } = palette(page)
  await open()
  await expect(options.first()).toBeVisible()
  problems.push(...(await lookBeforeRelease(page, 'palette')))
  await input.fill('settings')
  await expect(options.first()).toBeVisible()
  problems.push(...(await lookBeforeRelease(page, 'palette-typed')))
  await input.fill('nothing-like-it')
  await expect(options).toHaveCount(0)
  problems.push(...(await lookBeforeRelease(page, 'palette-empty')))
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keys' }), 'at once').toBeVisible()
  problems.push(...(await lookBeforeRelease(page, 'keys')))
  expect(problems).toEqual([])
})
