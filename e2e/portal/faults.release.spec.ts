import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { inEachView } from '#e2e/fixtures/each-view.ts'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { table } from '#e2e/models/space-list.ts'
import { spacePage } from '#e2e/models/space-page.ts'

// While web is down, the browser can't reach it and logs errors.
test.use({ tolerated: /net::ERR_|Failed to fetch|network error/i })

test('a deletion completes even if web and worker are killed midway', async ({ as, stack, admin, control }) => {
  test.setTimeout(300_000)
  const page = await as('fay')
  const name = uniqueName('killed')
  const space = spacePage(page, stack.webUrl, name)
  await newSpacePage(page).create(stack.webUrl, { name })
  await space.waitUntilReady()
  await space.remove()
  await Promise.all([control('kill', 'worker'), control('kill', 'web')])
  await Promise.all([control('restart', 'worker'), control('restart', 'web')])
  await expect
    .poll(async () => (await admin.run(['get', 'namespace', name])).stderr, { timeout: 120_000 })
    .toContain('NotFound')
  // An interrupted job restarts after a minute.
  await expect(async () => {
    await space.open()
    await expect(space.gone.or(space.unknown)).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 90_000 })
})

test('a space is created even if web is killed midway', async ({ as, stack, sql, control }) => {
  test.setTimeout(180_000)
  const page = await as('fay')
  const name = uniqueName('cut')
  const form = newSpacePage(page)
  await form.open(stack.webUrl)
  await form.fill({ name })
  const rows = () => sql('select status from space where name = $1', [name])
  await form.createButton.click({ noWaitAfter: true })
  // Right after the transaction has committed, at any point of the work on the cluster.
  await expect.poll(async () => (await rows()).length, { intervals: [5] }).toBe(1)
  await control('kill', 'web')
  await control('restart', 'web')
  const space = spacePage(page, stack.webUrl, name)
  await space.open()
  await space.waitUntilReady()
})

/** Nothing listens on this port. */
const unreachable = {
  ...{ apiVersion: 'v1', kind: 'Config' },
  clusters: [{ name: 'away', cluster: { server: 'https://127.0.0.1:1' } }],
  users: [{ name: 'broker', user: { token: 'unused' } }],
  contexts: [{ name: 'away', context: { cluster: 'away', user: 'broker' } }],
}

test('a space whose cluster can’t be reached waits for it, and isn’t shown as failed', async ({
  as,
  dir,
  sql,
  control,
  webWith,
}) => {
  test.setTimeout(180_000)
  const file = join(dir, 'kubeconfig.json')
  writeFileSync(file, JSON.stringify(unreachable))
  const webUrl = await webWith({ KUBECONFIG: file, SPACEPORT_CLUSTERS: 'away=away' })
  const page = await as('fay')
  const name = uniqueName('waiting')
  // The worker doesn’t know this cluster.
  await control('kill', 'worker')
  try {
    await newSpacePage(page).create(webUrl, { name })
    const main = page.getByRole('main')
    await expect(spacePage(page, webUrl, name).status).toHaveText('Waiting for the cluster', { timeout: 60_000 })
    await expect(main.getByText('Waiting for the cluster')).toHaveCount(2)
    await expect(main).not.toContainText(/Failed|” failed/)
    await expect(main.getByRole('link', { name: 'Connect' }), 'only the tab').toHaveCount(1)
    expect(await lookBeforeRelease(page, 'space-waiting-for-cluster')).toEqual([])
    await page.goto(`${webUrl}/?search=${name}`)
    const row = table(page).getByRole('row').filter({ hasText: name })
    await inEachView(page, async (_, where) => expect(row.getByText('Waiting for the cluster'), where).toBeInViewport())
  } finally {
    await sql(`UPDATE space SET status = 'deleted' WHERE name = $1`, [name])
    await control('restart', 'worker')
  }
})

test('kubectl works again after the gateway is killed, and spaces can be created without the worker', async ({
  as,
  stack,
  control,
  kubectlFor,
}) => {
  test.setTimeout(180_000)
  const page = await as('fay')
  const name = uniqueName('alone')
  const space = spacePage(page, stack.webUrl, name)
  await control('kill', 'worker')
  try {
    await newSpacePage(page).create(stack.webUrl, { name })
    await space.waitUntilReady()
  } finally {
    await control('restart', 'worker')
  }
  const mine = await kubectlFor(page, name)
  await mine.ok(['create', 'configmap', 'before'])
  await control('kill', 'gateway')
  expect((await mine.run(['get', 'configmaps'])).status).not.toBe(0)
  await control('restart', 'gateway')
  expect(await mine.ok(['get', 'configmap', 'before', '-o', 'name'])).toBe('configmap/before\n')
})

test('a form without a response keeps the input, and warns that the change may have been made', async ({
  as,
  stack,
}) => {
  const page = await as('sam')
  const form = newSpacePage(page)
  await form.open(stack.webUrl)
  const description = 'written with care'
  await form.fill({ name: uniqueName('offline'), description })
  await page.context().setOffline(true)
  await form.createButton.click()
  await expect(page.getByRole('alert').filter({ hasText: 'We got no response' })).toBeVisible()
  await expect(form.description).toHaveValue(description)
  await page.context().setOffline(false)
  await form.createButton.click()
  await page.waitForURL('**/spaces/offline*')
})

test.describe('a page that fails', () => {
  // The browser reports the status, and React the failure (its error 441).
  test.use({ tolerated: /status of 500|React error #441/i })

  test('shows an ID and a title, and loads once it works again', async ({ as, stack, sql }) => {
    const page = await as('carol')
    const [carol] = await sql("SELECT handle FROM user_account WHERE name = 'Carol Example'")
    const unread = page.getByRole('heading', { level: 1, name: 'This page couldn’t be loaded' })
    // Both the page and its title read this.
    await sql('ALTER TABLE scim_token RENAME TO scim_token_away')
    try {
      await page.goto(`${stack.webUrl}/admin/people/${carol?.handle}`)
      await expect(unread).toBeVisible()
      await expect(page.getByText(/^Error ID: \d+/)).toBeVisible()
      await expect(page.locator('body')).not.toContainText('scim_token')
      expect(await lookBeforeRelease(page, 'error')).toEqual([])
    } finally {
      await sql('ALTER TABLE scim_token_away RENAME TO scim_token')
    }
    await page.getByRole('button', { name: 'Retry' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Carol Example' })).toBeVisible()
    await expect(page).toHaveTitle(/^(\(\d+\) )?Carol Example/)
  })
})
