import { join } from 'node:path'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { deployment } from '#e2e/fixtures/deployment.ts'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { polled } from '#e2e/fixtures/polled.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { spacePage } from '#e2e/models/space-page.ts'

test('a developer sees first what doesn’t run, and why', async ({ as, stack, dir, kubectl, seedSpace }) => {
  test.setTimeout(240_000)
  const page = await as('wendy')
  const name = uniqueName('troubled')
  const space = spacePage(page, stack.webUrl, name)
  await seedSpace(page, { name, description: 'Where things fail' })
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
  await expect(rows.filter({ hasText: 'falls' })).toContainText('falls ended with exit code 1.')
  await expect(rows.filter({ hasText: 'unknown' })).toContainText('Image can’t be pulled')
  await expect(rows.filter({ hasText: 'unknown' })).toContainText('Back-off pulling image "registry.example/app"')
  await expect(rows.filter({ hasText: 'picky' })).toContainText('No node fits')
  await expect(rows.filter({ hasText: 'picky' })).toContainText('its node selector or affinity doesn’t match')
  await expect(rows.filter({ hasText: 'fine' })).toContainText('Ready', polled)
  await expect(page.getByRole('heading', { name: 'Workloads 4 · 2 failing, 1 not ready' })).toBeVisible()
  await expect(rows.last()).toContainText('fine')

  await test.step('reasons are shown whole', async () => {
    const cut = await page
      .getByRole('table', { name: 'Workloads' })
      .locator('p')
      .evaluateAll((all) => all.filter((one) => one.scrollHeight > one.clientHeight).map((one) => one.textContent))
    expect(cut).toEqual([])
  })

  await test.step('once something runs, the steps that are left take one line, until they are hidden', async () => {
    const steps = page.getByRole('region', { name: 'First steps' })
    await expect(steps).toContainText('3 of 4 done')
    await expect(steps.getByRole('link', { name: 'Invite your team' })).toHaveAttribute(
      'href',
      `/spaces/${name}/access`,
    )
    expect((await steps.boundingBox())?.height).toBeLessThan(60)
    expect(await lookBeforeRelease(page, 'space-troubled')).toEqual([])
    await steps.getByRole('button', { name: 'Hide' }).click()
    await expect(steps).toBeHidden()
    await page.reload()
    await expect(rows.last()).toContainText('fine')
    await expect(steps).toBeHidden()
  })

  await test.step('a CronJob between two runs has nothing that could be ready', async () => {
    await mine.ok(['create', 'cronjob', 'nightly', '--image=busybox', '--schedule=0 3 * * *'])
    await expect(rows.filter({ hasText: 'nightly' })).toContainText('Scheduled', polled)
    await expect(rows.filter({ hasText: 'nightly' })).not.toContainText('0 of 0')
    await mine.ok(['delete', 'cronjob', 'nightly'])
    await expect(rows.filter({ hasText: 'nightly' })).toHaveCount(0, polled)
  })

  await test.step('events: only warnings, each linked to its object', async () => {
    const events = page.getByRole('region', { name: 'Recent events' })
    await expect(events).toContainText('ScalingReplicaSet')
    await events.getByRole('button', { name: 'Warnings' }).click()
    await expect(events).not.toContainText('ScalingReplicaSet')
    await events.getByRole('link', { name: 'Pod/picky' }).click()
    await expect(page.getByRole('heading', { name: 'Pod picky' })).toBeVisible()
    await space.open()
  })

  await test.step('the logs of a crashed container are those of the ended run, and say so', async () => {
    await page.getByRole('button', { name: 'Logs of falls' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('This is the previous run: falls ended with exit code 1.')
    await expect(dialog.getByRole('log')).toContainText('development node')
    await dialog.getByRole('link', { name: 'Open all logs' }).click()
    await expect(page.getByRole('combobox', { name: 'Run' })).toHaveValue('true')
    await expect(page.getByRole('main')).toContainText('This is the previous run: falls ended with exit code 1.')
    await expect(page.getByRole('log')).toContainText('development node')
    await page.getByRole('combobox', { name: 'Run' }).selectOption('Current run')
    await page.getByRole('link', { name: 'the previous run' }).click()
    await expect(page.getByRole('combobox', { name: 'Run' })).toHaveValue('true')
    await space.open()
    await page.getByRole('link', { name: 'falls', exact: true }).click()
    await expect(page.getByRole('region', { name: 'Last lines' })).toContainText('falls in falls, its previous run')
    await expect(page.getByRole('log', { name: 'Last lines of falls' })).toContainText('development node')
    await expect(page.getByRole('link', { name: 'All of this log' })).toHaveAttribute('href', /previous=true/)
    expect(await lookBeforeRelease(page, 'space-workload-crashing')).toEqual([])
    await space.open()
    await page.getByRole('link', { name: 'unknown', exact: true }).click()
    await expect(page.getByRole('heading', { name: 'Pod unknown' })).toBeVisible()
    await expect(page.getByRole('region', { name: 'Last lines' })).toHaveCount(0)
    await space.open()
  })

  await mine.ok(['delete', 'pod', 'falls', 'unknown', 'picky', '--wait=false'])
  // A page that was just opened may miss a change that comes before it listens.
  await expect(async () => {
    await space.open()
    await expect(page.getByRole('heading', { name: 'Workloads 1', exact: true })).toBeVisible({ timeout: 20_000 })
  }).toPass({ timeout: 90_000 })

  await test.step('long lists of workloads are shortened, and shown in full on request', async () => {
    const many = Array.from({ length: 51 }, (_, n) => deployment(`idle-${n}`, 0)).join('---\n')
    await mine.ok(['apply', '-f', '-'], { input: many })
    await expect(page.getByText('50 of 52 workloads are shown')).toBeVisible(polled)
    await expect(rows).toHaveCount(51)
    await page.getByRole('link', { name: 'Show all 52' }).click()
    await expect(rows).toHaveCount(53)
    await expect(page.getByText('workloads are shown')).toBeHidden()
  })
})
