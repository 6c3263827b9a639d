import { join } from 'node:path'
import { uniqueName } from '#dev/testing/unique-name.ts'
import { deployment } from '#e2e/fixtures/deployment.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

test('a developer sees what doesn’t run, and why, before everything else', async ({ as, stack, dir, kubectl }) => {
  test.setTimeout(150_000)
  const page = await as('wendy')
  const name = uniqueName('troubled')
  const space = spacePage(page, stack.webUrl, name)
  await newSpacePage(page).create(stack.webUrl, { name, description: 'Where things fail' })
  await space.waitUntilReady()
  const file = join(dir, 'kubeconfig.yaml')
  await space.downloadKubeconfig(file)
  const mine = kubectl(file)
  await space.open()

  await mine.ok(['apply', '-f', '-'], { input: deployment('fine', 1) })
  const run = (pod: string, ...more: string[]) => mine.ok(['run', pod, '--image=registry.example/app', ...more])
  await run('falls', '--labels=spaceport.dev/simulate=crash')
  await run('unknown', '--labels=spaceport.dev/simulate=image-pull')
  await run('picky', '--overrides={"spec":{"nodeSelector":{"gpu":"yes"}}}')

  const rows = page.getByRole('table', { name: 'Workloads' }).getByRole('row')
  await expect(rows.filter({ hasText: 'falls' })).toContainText('Crashing (5 restarts)')
  await expect(rows.filter({ hasText: 'unknown' })).toContainText('Image can’t be pulled')
  await expect(rows.filter({ hasText: 'unknown' })).toContainText('Back-off pulling image "registry.example/app"')
  await expect(rows.filter({ hasText: 'picky' })).toContainText('No node fits')
  await expect(rows.filter({ hasText: 'picky' })).toContainText('its node selector or affinity matches none')
  await expect(rows.filter({ hasText: 'fine' })).toContainText('Ready')
  await expect(page.getByRole('heading', { name: 'Workloads 4 · 3 need attention' })).toBeVisible()
  await expect(rows.last()).toContainText('fine')

  await mine.ok(['delete', 'pod', 'falls', 'unknown', 'picky', '--wait=false'])
  await expect(page.getByRole('heading', { name: 'Workloads 1', exact: true })).toBeVisible()
})
