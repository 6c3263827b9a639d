import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { waitForScripts } from '#e2e/fixtures/wait-for-scripts.ts'
import { fillProviderForm } from '#e2e/models/sign-in.ts'

test('a credential is listed with its last use; after it is revoked, kubectl says why and where to get another', async ({
  as,
  stack,
  kubectlFor,
  seedSpace,
}) => {
  const page = await as('cleo')
  const name = uniqueName('cred')
  await seedSpace(page, { name })
  const mine = await kubectlFor(page, name)
  const row = page.getByRole('table', { name: 'Active credentials', exact: true }).getByRole('row', { name })
  await page.goto(`${stack.webUrl}/credentials`)
  await expect(row).toContainText('Never')
  await mine.ok(['get', 'pods'])
  const watching = mine.start(['get', 'pods', '-w'])
  await expect(async () => {
    await page.reload()
    await expect(row).toContainText(/kubectl \d+\.\d+, \w+, from 127\.0\.0\.1/, { timeout: 1_000 })
  }).toPass({ timeout: 30_000 })

  await page.getByRole('button', { name: `Revoke the kubeconfig for ${name}` }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click()
  await expect(page.getByText('Expired and revoked (1)')).toBeVisible()
  await watching.ended
  const { status, stderr } = await mine.run(['get', 'pods'])
  expect(status).not.toBe(0)
  expect(stderr).toContain('revoked')
  expect(stderr).toContain(`${stack.webUrl}/credentials`)
})

test('one kubeconfig for all of a person’s spaces has a context for each, and no access to others', async ({
  as,
  stack,
  dir,
  kubectl,
  seedSpace,
}) => {
  const page = await as('cleo')
  const names = [uniqueName('all'), uniqueName('all')]
  for (const name of names) {
    await seedSpace(page, { name })
  }
  await page.goto(`${stack.webUrl}/credentials`)
  await page.getByRole('textbox', { name: 'Name' }).fill('laptop')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download for all your spaces' }).click()
  const file = join(dir, 'all.yaml')
  await (await download).saveAs(file)
  const mine = kubectl(file)
  const contexts = await mine.ok(['config', 'get-contexts', '-o', 'name'])
  for (const name of names) {
    const context = contexts.split('\n').find((each) => each.endsWith(name)) ?? ''
    expect(context).toMatch(/^spaceport-/)
    await mine.ok(['--context', context, 'get', 'pods'])
  }
  expect((await mine.run(['get', 'pods', '-n', 'kube-system'])).stderr).toMatch(/forbidden/i)
  const token = /spt_[\w-]+/.exec(readFileSync(file, 'utf8'))?.[0] ?? ''
  expect(token.length).toBeGreaterThan(40)
  await page.reload()
  expect(await page.content(), 'the token is shown once').not.toContain(token)
  const marks = `laptop · ${token.slice(0, 10)}…`
  await expect(page.getByRole('row', { name: 'All your spaces' })).toContainText(marks)
  expect(await lookBeforeRelease(page, 'credentials-named', corners)).toEqual([])

  // More than a day needs a fresh sign-in.
  await page.getByLabel('Lifetime').selectOption('30 days')
  await page.getByRole('button', { name: 'Download for all your spaces' }).click()
  await expect(page.getByRole('main').getByRole('alert')).toContainText('needs a fresh sign-in')
  expect(await lookBeforeRelease(page, 'fresh-sign-in', corners)).toEqual([])
  await page.getByRole('button', { name: 'Sign in again' }).click()
  await fillProviderForm(page, { username: 'cleo', password: 'cleo' })
  await expect(page.getByLabel('Lifetime')).toHaveValue('720')
  await waitForScripts(page)
  const long = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download for all your spaces' }).click()
  await (await long).saveAs(file)
  await kubectl(file).ok(['config', 'view'])
  await page.goto(`${stack.webUrl}/sign-in?error=auth_time_missing&callbackUrl=/credentials`)
  await expect(page.getByText('You are still signed in')).toBeVisible()
  expect(await lookBeforeRelease(page, 'not-fresh', corners)).toEqual([])
})
