import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { fillProviderForm } from '#e2e/models/sign-in.ts'
import { spacePage } from '#e2e/models/space-page.ts'

test('from the portal’s URL to the first `kubectl get pods`, a new person clicks four times', async ({
  nobody: page,
  stack,
  dir,
  kubectl,
}) => {
  test.setTimeout(120_000)
  const name = uniqueName('first')
  const problems: string[] = []
  let clicks = 0
  const click = async (role: 'button' | 'link', label: string) => {
    await page.getByRole(role, { name: label, exact: true }).click()
    clicks++
  }

  await page.goto(stack.webUrl)
  await click('button', 'Sign in')
  // The identity provider's own form, which people with a session there never see.
  await fillProviderForm(page, { username: 'frida', password: 'frida' })
  await expect(page.getByRole('heading', { name: 'No spaces yet' })).toBeVisible()
  problems.push(...(await lookBeforeRelease(page, 'no-spaces', corners)))
  await expect(page.getByRole('main').getByRole('link'), 'one way to the first space').toHaveCount(1)
  await click('link', 'New space')
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused()
  await page.keyboard.type(name)
  await click('button', 'Create space')
  const space = spacePage(page, stack.webUrl, name)
  await space.waitUntilReady()

  const saving = page.waitForEvent('download')
  await click('button', 'Download kubeconfig')
  const saved = await saving
  expect(clicks).toBe(4)
  await expect(page, 'on the same page').toHaveURL(`${stack.webUrl}/spaces/${name}`)
  await expect(page.getByText(`${saved.suggestedFilename()} downloaded.`)).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Download a kubeconfig (done)' })).toBeVisible()
  problems.push(...(await lookBeforeRelease(page, 'space-downloaded', corners)))

  await test.step('the command works beside other clusters', async () => {
    const file = join(dir, saved.suggestedFilename())
    await saved.saveAs(file)
    const command = (await page.getByRole('main').locator('pre').first().textContent()) ?? ''
    expect(command).toBe(
      `export KUBECONFIG=~/Downloads/${saved.suggestedFilename()}:~/.kube/config && kubectl get pods`,
    )
    const both = kubectl(`${file}:${stack.adminKubeconfig}`)
    expect((await both.run(['get', 'pods'])).stderr).toContain(`No resources found in ${name} namespace.`)
    const contexts = (await both.ok(['config', 'get-contexts', '-o', 'name'])).trim().split('\n')
    expect(contexts.length).toBeGreaterThan(1)
    expect(readFileSync(stack.adminKubeconfig, 'utf8')).not.toContain('spt_')
  })
  await space.remove()
  await expect(space.gone).toBeVisible({ timeout: 60_000 })
  expect(problems).toEqual([])
})

test('a person with spaces has the button at the top of the list', async ({ as, stack, seedSpace }) => {
  const page = await as('frauke')
  await seedSpace(page, { name: uniqueName('second') })
  await page.goto(stack.webUrl)
  await expect(page.getByRole('main').getByRole('link', { name: 'New space' })).toHaveCount(1)
})
