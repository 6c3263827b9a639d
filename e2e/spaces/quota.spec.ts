import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { deployment } from '#e2e/fixtures/deployment.ts'
import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { polled } from '#e2e/fixtures/polled.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { requestPage } from '#e2e/models/request-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

/** Kubernetes retries with growing delays: the wait after the change is about as long as the one before. */
const retried = { timeout: 240_000 }

test('an exhausted quota shows what waits; a larger size is requested in place and approved, and the pods run', async ({
  as,
  stack,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(600_000)
  const [owner, viewer, decider] = [await as('quirin'), await as('quentin'), await as('carol')]
  const name = uniqueName('crowded')
  const space = spacePage(owner, stack.webUrl, name)
  const members = [{ principal: 'quentin@example.com', role: 'viewer' as const }]
  await seedSpace(owner, { name, size: 'M', members })
  const mine = await kubectlFor(owner, name)
  await mine.ok(['apply', '-f', '-'], { input: deployment('nginx', 5, '1500m') })
  await mine.ok(['apply', '-f', '-'], { input: deployment('small', 1, '500m') })

  await space.open()
  const main = owner.getByRole('main')
  await expect(main.getByText(/^Quota for CPU requests used up: [34] pods of nginx can’t start/)).toBeVisible(polled)
  await owner.getByRole('button', { name: 'See what uses it' }).click()
  const dialog = owner.getByRole('dialog')
  await expect(dialog.getByRole('heading', { name: 'CPU requests of 4 CPUs' })).toBeVisible()
  await expect(dialog.getByRole('listitem').first()).toHaveText(/nginx Deployment · \d pods?(1\.5|3) CPUs/)
  const problems = await lookBeforeRelease(owner, 'quota-users', corners)
  await dialog.getByRole('button', { name: 'Close' }).click()

  await viewer.goto(`${stack.webUrl}/spaces/${name}`)
  await expect(viewer.getByText('ask Quirin Example or an admin of this space')).toBeVisible()
  await expect(viewer.getByRole('button', { name: /^(Ask for|Change to) size/ })).toHaveCount(0)

  await owner.getByRole('button', { name: 'Ask for size L' }).click()
  await expect(dialog.getByRole('radio', { name: /^L\b/ })).toBeChecked()
  await expect(dialog.getByRole('textbox', { name: 'Reason' })).toHaveValue(
    /^Quota for CPU requests used up: \d pods of nginx can’t start\.$/,
  )
  problems.push(...(await lookBeforeRelease(owner, 'quota-ask', corners)))
  await dialog.getByRole('button', { name: 'Ask for size L' }).click()
  await owner.waitForURL(/\/requests\/[0-9a-f-]{36}/)
  const request = owner.url()
  await space.open()
  await expect(owner.getByText('You asked for size L just now. The request is waiting for a decision.')).toBeVisible()
  await expect(owner.getByRole('button', { name: /^Ask for size/ })).toHaveCount(0)
  problems.push(...(await lookBeforeRelease(owner, 'quota-asked', corners)))
  await owner.getByRole('link', { name: 'Show request' }).click()
  await owner.waitForURL(request)

  await decider.goto(request)
  await expect(decider.getByRole('main')).toContainText('Quota for CPU requests used up')
  await requestPage(decider, stack.webUrl).approve()

  await space.open()
  const rows = owner.getByRole('table', { name: 'Workloads' }).getByRole('row')
  await expect(rows.filter({ hasText: 'nginx' })).toContainText('5 of 5', retried)
  await expect(main.getByText(/used up/)).toHaveCount(0)
  expect(problems).toEqual([])
})

test('within policy, the size changes at once, as the dialog says', async ({ as, stack, kubectlFor, seedSpace }) => {
  test.setTimeout(600_000)
  const owner = await as('quirin')
  const name = uniqueName('outgrown')
  const space = spacePage(owner, stack.webUrl, name)
  await seedSpace(owner, { name, size: 'S' })
  const mine = await kubectlFor(owner, name)
  await mine.ok(['apply', '-f', '-'], { input: deployment('web', 2, '1500m') })

  await space.open()
  await expect(owner.getByText('Quota for CPU requests used up: 1 pod of web can’t start')).toBeVisible(polled)
  await owner.getByRole('button', { name: 'Change to size M' }).click()
  const dialog = owner.getByRole('dialog')
  await expect(dialog.getByText('Size M needs no approval and applies at once.')).toBeVisible()
  await dialog.getByRole('radio', { name: /^L\b/ }).check()
  await expect(dialog.getByRole('textbox', { name: 'Reason' })).toHaveValue(
    'Quota for CPU requests used up: 1 pod of web can’t start.',
  )
  await dialog.getByRole('radio', { name: /^M\b/ }).check()
  await dialog.getByRole('button', { name: 'Change to size M' }).click()
  await expect(owner.getByText(`${name} now has size M.`)).toBeVisible()
  const rows = owner.getByRole('table', { name: 'Workloads' }).getByRole('row')
  await expect(rows.filter({ hasText: 'web' })).toContainText('2 of 2', retried)
})

test('a pod that the quota refuses shows up in Activity, with a link to get more', async ({
  as,
  stack,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(240_000)
  const [owner, viewer] = [await as('quirin'), await as('quentin')]
  const name = uniqueName('stuck')
  const space = spacePage(owner, stack.webUrl, name)
  const members = [{ principal: 'quentin@example.com', role: 'viewer' as const }]
  await seedSpace(owner, { name, size: 'S', members })
  const mine = await kubectlFor(owner, name)
  const input = (pod: string) => ({
    input: JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: pod },
      spec: {
        containers: [
          { name: 'main', image: 'example/none', resources: { requests: { cpu: '1500m' }, limits: { cpu: '2' } } },
        ],
      },
    }),
  })
  await mine.ok(['create', '-f', '-'], input('fits'))
  expect((await mine.run(['create', '-f', '-'], input('stuck'))).stderr).toContain('exceeded quota')

  await space.open('activity')
  const told = owner.getByRole('listitem').filter({ hasText: 'tried to create the pod stuck' })
  await expect(told).toContainText('Quota used up: CPU requests.')
  // An object that was never created has no page; a running one has.
  await expect(told.getByRole('link', { name: 'stuck' })).toHaveCount(0)
  const problems = await lookBeforeRelease(owner, 'space-activity-quota', corners)
  await viewer.goto(`${stack.webUrl}/spaces/${name}/activity`)
  await expect(viewer.getByText('Quota used up: CPU requests.')).toBeVisible()
  await expect(viewer.getByRole('link', { name: 'Get more' })).toHaveCount(0)

  await viewer.getByRole('link', { name: 'fits', exact: true }).click()
  await expect(viewer.getByRole('heading', { name: 'fits' })).toBeVisible()

  await told.getByRole('link', { name: 'Get more' }).click()
  await expect(owner.getByRole('radio', { name: /^M\b/ })).toBeChecked()
  expect(problems).toEqual([])
})
