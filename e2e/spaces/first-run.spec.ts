import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { fillProviderForm } from '#e2e/models/sign-in.ts'
import { spacePage } from '#e2e/models/space-page.ts'

test('from the portal’s URL to the first `kubectl get pods`, a new person clicks four times', async ({
  nobody: page,
  stack,
  dir,
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
  await expect(page.getByRole('main').getByRole('listitem').getByRole('heading')).toHaveText([
    'Create a space',
    'Download its kubeconfig',
    'Use kubectl',
  ])
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
  expect(await page.content(), 'the token is only in the file').not.toContain('spt_')
  await expect(page, 'on the same page').toHaveURL(`${stack.webUrl}/spaces/${name}`)
  await expect(page.getByText(`${saved.suggestedFilename()} downloaded.`)).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Download a kubeconfig (done)' })).toBeVisible()
  problems.push(...(await lookBeforeRelease(page, 'space-downloaded', corners)))

  await test.step('the command works beside other clusters', async () => {
    const file = join(dir, saved.suggestedFilename())
    await saved.saveAs(file)
    const command = (await page.getByRole('main').locator('pre').first().textContent()) ?? ''
    const home = join(dir, 'home')
    const other = join(dir, 'other.yaml')
    mkdirSync(join(home, 'Downloads'), { recursive: true })
    mkdirSync(join(home, '.kube'))
    copyFileSync(file, join(home, 'Downloads', saved.suggestedFilename()))
    copyFileSync(stack.adminKubeconfig, join(home, '.kube', 'config'))
    copyFileSync(stack.adminKubeconfig, other)
    const run = promisify(execFile)
    const path = `${dirname(stack.kubectl)}:${process.env.PATH}`
    const inShell = (line: string, kubeconfig?: string) =>
      run('sh', ['-c', `${line} && kubectl config get-contexts -o name && echo "$KUBECONFIG"`], {
        env: { ...process.env, HOME: home, PATH: path, KUBECONFIG: kubeconfig },
      })
    const usual = await inShell(command)
    expect(usual.stderr).toContain(`No resources found in ${name} namespace.`)
    expect(usual.stdout.trim().split('\n').length, 'both contexts and the variable').toBeGreaterThan(2)
    expect(usual.stdout).toContain('/.kube/config')
    const kept = await inShell(command, other)
    expect(kept.stdout, 'a kubeconfig of this terminal stays').toContain(`:${other}`)
    expect(readFileSync(other, 'utf8')).not.toContain('spt_')
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
