import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addWeekOfUsage } from '#dev/ui/play-scene.ts'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { spacePage } from '#e2e/models/space-page.ts'

// Both wait for readings that come once a minute: each has its own person, so they can wait in parallel.
test.describe.configure({ mode: 'parallel' })

test('usage over time is drawn once it is on screen, from the worker’s readings, with its numbers', async ({
  as,
  stack,
  sql,
  seedSpace,
}) => {
  test.setTimeout(360_000)
  const page = await as('ulla')
  const name = uniqueName('measured')
  const space = spacePage(page, stack.webUrl, name)
  await seedSpace(page, { name, size: 'S' })

  const asked: string[] = []
  page.on('request', (request) => {
    if (request.url().includes(`/api/rows/spaces/${name}/usage`)) asked.push(request.url())
  })
  await page.setViewportSize({ width: 360, height: 500 })
  await space.open()
  await expect(page.getByRole('heading', { name: 'Recent events' })).toBeVisible()
  expect(asked, 'nothing is fetched before it is on screen').toEqual([])
  const heading = page.getByRole('heading', { name: 'Usage over time' })
  await heading.scrollIntoViewIfNeeded()
  const problems = await lookBeforeRelease(page, 'usage-empty')

  // The worker reads usage every minute, and samples a new space at once.
  const readings = () =>
    sql('SELECT u.at FROM usage_sample u JOIN space s ON s.id = u.space_id WHERE s.name = $1', [name])
  await expect.poll(readings, { timeout: 150_000, intervals: [1_000] }).not.toEqual([])
  const first = page.getByRole('img', { name: /^Pods over the last 24 hours\. Pods: 0 of \d+ at the last reading/ })
  await expect(first.locator('canvas'), 'from the first reading on').toBeVisible({ timeout: 90_000 })
  problems.push(...(await lookBeforeRelease(page, 'usage-first')))
  // A week before the space existed, which a test can’t wait for.
  await addWeekOfUsage(sql, name)
  await page.setViewportSize({ width: 1440, height: 900 })
  await space.open()
  await heading.scrollIntoViewIfNeeded()
  const cpu = page.getByRole('img', { name: /^CPU over the last 24 hours\. Requests: 0 of 2 CPUs at the last reading/ })
  await expect(cpu.locator('canvas')).toBeVisible()
  for (const title of ['Memory', 'Pods', 'Storage'])
    await expect(page.getByRole('img', { name: new RegExp(`^${title} over the last 24 hours`) })).toBeVisible()
  problems.push(...(await lookBeforeRelease(page, 'usage')))

  await page.getByText('CPU in numbers', { exact: true }).click()
  const rows = page.getByRole('table', { name: /^CPU, the newest reading first/ }).getByRole('row')
  await expect(rows.nth(1)).toContainText('0 of 2 CPUs')
  await expect(rows.filter({ hasText: '1.06 of 2 CPUs' }).filter({ hasText: '6.97 of 13 CPUs' })).toHaveCount(1)
  // 145 instants without the nine missing readings, and the header. The next ten minutes may have begun.
  expect([136, 137]).toContain(await rows.count())

  await cpu.hover()
  const usage = page.getByRole('region', { name: 'Usage over time' })
  await expect(usage.getByRole('paragraph').filter({ hasText: /^\d+ \w+ \d{4}, \d{2}:\d{2} UTC$/ })).toBeVisible()
  await expect(usage.getByRole('list').first()).toContainText(/Requests [\d.]+ of 2 CPUs/)

  await page.setViewportSize({ width: 320, height: 800 })
  await expect
    .poll(async () => {
      const [box, canvas] = [await cpu.boundingBox(), await cpu.locator('canvas').boundingBox()]
      return box !== null && canvas !== null && Math.abs(box.width - canvas.width) <= 1
    })
    .toBe(true)
  await page.getByRole('button', { name: '7 days' }).click()
  await expect(page.getByRole('img', { name: /^CPU over the last 7 days/ }).locator('canvas')).toBeVisible()
  problems.push(...(await lookBeforeRelease(page, 'usage-week')))
  expect(problems).toEqual([])
})

test('real usage is shown beside requests, for the space, its workloads and pods, as in kubectl top', async ({
  as,
  stack,
  sql,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(540_000)
  const page = await as('ulf')
  const name = uniqueName('in-use')
  const space = spacePage(page, stack.webUrl, name)
  await seedSpace(page, { name, size: 'S' })
  const mine = await kubectlFor(page, name)
  await mine.ok(['apply', '-f', '-'], { input: JSON.stringify(measured) })
  await mine.ok(['rollout', 'status', 'deployment/web', '--timeout=40s'])
  await space.open()
  const workloads = page.getByRole('table', { name: 'Workloads' })
  await expect(workloads.getByRole('link', { name: 'web', exact: true })).toBeVisible()

  // A pod is measured after two readings, ten seconds apart. The open page updates within a minute.
  await expect(workloads.getByRole('row', { name: /^web/ })).toContainText(/0\.[45]\d* CPUs, 240 MiB in use/, {
    timeout: 120_000,
  })
  const quota = page.getByRole('region', { name: 'Quota' })
  // A reading may be a little off, and comes once a minute.
  const nextReading = { timeout: 90_000 }
  const requested = (what: string) => quota.getByRole('listitem').filter({ hasText: what })
  await expect(requested('CPU')).toContainText(/0\.[45]\d* CPUs in use/, nextReading)
  await expect(requested('Memory')).toContainText('240 MiB in use')
  const problems = await lookBeforeRelease(page, 'in-use')

  await expect(async () => {
    const top = (await mine.ok(['top', 'pods', '--no-headers'])).trim().split('\n')
    expect(top).toHaveLength(2)
    for (const line of top) expect(line).toMatch(/^web-\S+ +2\d\dm +120Mi/)
  }).toPass({ timeout: 60_000 })
  expect((await mine.run(['top', 'nodes'])).status).not.toBe(0)

  await workloads.getByRole('link', { name: 'web', exact: true }).click()
  const pods = page.getByRole('table', { name: 'Pods of web' }).getByRole('rowheader')
  await expect(pods).toHaveText([/0\.2\d* CPUs, 120 MiB in use/, /0\.2\d* CPUs, 120 MiB in use/], nextReading)
  await expect(page.getByRole('main')).toContainText(/2 of 2 ready · 0\.[45]\d* CPUs, 240 MiB in use ·/, nextReading)
  problems.push(...(await lookBeforeRelease(page, 'in-use-workload')))

  // The day before the worker’s first samples, which a test can’t wait for.
  await sql(
    `INSERT INTO usage_sample (at, space_id, used, hard)
     SELECT t.at, s.id, ARRAY[1, 4, 2147483648, 6442450944, 2, 0,
         CASE WHEN t.n BETWEEN 30 AND 40 THEN NULL ELSE 0.4 + 0.3 * sin(t.n / 9.0) END, 5e8 + 2e8 * cos(t.n / 5.0)]::real[],
       '{2,13,4294967296,13958643712,20,21474836480,2,4294967296}'
     FROM space s, LATERAL (
       SELECT date_bin('10 minutes', now(), '2026-01-01') - n * interval '10 minutes' AS at, n FROM generate_series(1, 140) AS n) t
     WHERE s.name = $1 ON CONFLICT (at, space_id) DO NOTHING`,
    [name],
  )
  await page.setViewportSize({ width: 1440, height: 900 })
  await space.open()
  await page.getByRole('heading', { name: 'Usage over time' }).scrollIntoViewIfNeeded()
  const cpu = page.getByRole('img', {
    name: /^CPU over the last 24 hours\..* In use: [\d.]+ of 2 CPUs at the last reading/,
  })
  await expect(cpu.locator('canvas')).toBeVisible()
  problems.push(...(await lookBeforeRelease(page, 'in-use-over-time')))
  expect(problems).toEqual([])
})

const measured = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: {
        labels: { app: 'web' },
        annotations: { 'kwok.x-k8s.io/usage-cpu': '240m', 'kwok.x-k8s.io/usage-memory': '120Mi' },
      },
      spec: {
        containers: [
          { name: 'web', image: 'example.com/web:1', resources: { requests: { cpu: '500m', memory: '512Mi' } } },
        ],
      },
    },
  },
}
