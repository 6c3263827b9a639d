import type { Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { spacePage } from '#e2e/models/space-page.ts'

const section = (page: Page, name: string) => page.getByRole('region', { name })

test('an admin sees what the worker found on a cluster, from the overview and from a space', async ({
  as,
  stack,
  seedSpace,
}) => {
  test.setTimeout(240_000)
  const owner = await as('clea')
  const name = uniqueName('placed')
  await seedSpace(owner, { name, size: 'M' })
  await spacePage(owner, stack.webUrl, name).open()
  // Members don’t see clusters.
  const about = (page: Page) => section(page, 'About')
  await expect(about(owner)).toContainText('Cluster')
  await expect(about(owner).getByRole('link')).toHaveCount(0)

  const admin = await as('carol')
  const problems: string[] = []
  await admin.goto(`${stack.webUrl}/spaces/${name}`)
  await about(admin).getByRole('link').click()
  await admin.waitForURL('**/admin/clusters#cluster-*')
  await expect(admin.getByRole('heading', { level: 1, name: 'Clusters' })).toBeVisible()
  await expect(async () => {
    await admin.reload()
    await expect(admin.getByText('Reachable', { exact: true })).toBeVisible({ timeout: 2_000 })
    await expect(admin.getByText(/\d of \d+ nodes schedulable\./)).toBeVisible({ timeout: 2_000 })
    await expect(admin.getByText(/All spaces were compared/)).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 120_000 })
  await expect(admin.getByText(/^v1\.\d+\./)).toBeVisible()
  await expect(admin.getByRole('meter', { name: /^CPU reserved on / })).toBeVisible()
  await expect(admin.getByText('In force')).toBeVisible()
  problems.push(...(await lookBeforeRelease(admin, 'clusters')))

  await section(admin, 'State of default')
    .getByRole('link', { name: /ready$/ })
    .click()
  await admin.waitForURL(/\/\?status=ready&cluster=/)
  await admin.goto(`${stack.webUrl}/admin`)
  await section(admin, 'Clusters').getByRole('rowheader').getByRole('link').click()
  await admin.waitForURL('**/admin/clusters#cluster-*')
  expect(problems).toEqual([])
})

test('an admin sees a failing cluster and a removed one, and what to do about each', async ({ as, stack, sql }) => {
  test.setTimeout(240_000)
  const admin = await as('carol')
  const problems: string[] = []
  const former = uniqueName('former')
  await sql(
    `INSERT INTO cluster (id, name, fence_faults, rights_findings) VALUES (gen_random_uuid(), $1,
      '[{"policy": "spaceport-labels", "fault": "is missing"}, {"policy": "spaceport-bindings", "fault": "is not bound"}]',
      '["ClusterRoleBinding everybody-reads grants everybody (system:authenticated) the ClusterRole view."]')`,
    [former],
  )
  await sql(
    `INSERT INTO cluster_reading (cluster_id, tried_at, answered_at, failing_since, failure, version, latencies, nodes, nodes_read_at,
       repaired_at, exempt, exempt_count, health_refused_at)
     SELECT id, now() - interval '3 days', now() - interval '4 days', now() - interval '4 days', 'certificate', 'v1.30.4+k3s1', '{3,40,1200}',
       '{"cpu": 10, "memory": 103079215104, "pods": 330, "nodes": 9, "notReady": 1, "cordoned": 2, "tainted": 2, "unbelievable": 1, "more": false}',
       now() - interval '4 days', ARRAY[now() - interval '4 days'], ARRAY['Group system:masters', 'ServiceAccount argocd/sync'], 31, now() - interval '4 days'
     FROM cluster WHERE name = $1`,
    [former],
  )
  const stranded = uniqueName('stranded')
  await sql(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status, generation, observed_generation)
     SELECT gen_random_uuid(), c.id, $2, $2, 'x', 'L', u.id, 'ready', 1, 1 FROM cluster c, user_account u
     WHERE c.name = $1 AND u.handle LIKE 'carol-%' LIMIT 1`,
    [former, stranded],
  )
  await sql(
    `INSERT INTO usage_sample (at, space_id, used, hard)
     SELECT to_timestamp(floor(extract(epoch FROM now() - interval '2 minutes') / 600) * 600 + later), id,
       '{9.5, 12, 34359738368, 0, 42, 0, 1.25, 8589934592}', '{16, 125, 68719476736, 0, 200, 0, 16, 68719476736}'
     FROM space, unnest(ARRAY[0, 600]) AS later WHERE name = $1`,
    [stranded],
  )
  try {
    await expect(async () => {
      await sql(
        `UPDATE cluster_reading SET tried_at = now(), failing_since = now() - interval '20 minutes', failure = 'connection'
         WHERE cluster_id <> (SELECT id FROM cluster WHERE name = $1)`,
        [former],
      )
      await admin.goto(`${stack.webUrl}/admin/clusters`)
      await expect(admin.getByText(/^Unreachable since/)).toBeVisible({ timeout: 2_000 })
    }).toPass({ timeout: 60_000 })
    await expect(admin.getByText(/that firewalls let the worker connect/)).toBeVisible()
    const gone = section(admin, former)
    await expect(gone.getByText('This cluster is no longer configured')).toBeVisible()
    await expect(gone.getByText('Kubernetes v1.30.4+k3s1 is too old')).toBeVisible()
    await expect(gone.getByText('spaceport-labels: is missing')).toBeVisible()
    await expect(gone.getByText('and 29 more')).toBeVisible()
    await expect(gone.getByText('Spaceport may not read the health of spaces')).toBeVisible()
    await expect(gone.getByText(/3 of 9 nodes schedulable\. Not counted: 1 not ready/)).toBeVisible()
    await expect(gone.getByText(/quotas reserve more CPU than nodes have/)).toBeVisible()
    await expect(gone.getByText('16 CPUs, 1.6 times node capacity')).toBeVisible()
    await expect(gone.getByRole('meter', { name: `CPU requested on ${former}` })).toHaveAttribute('aria-valuenow', '95')
    await expect(gone.getByRole('meter', { name: `Memory in use on ${former}` })).toBeVisible()
    problems.push(...(await lookBeforeRelease(admin, 'clusters-failing', corners)))
  } finally {
    await sql('DELETE FROM usage_sample WHERE space_id = (SELECT id FROM space WHERE name = $1)', [stranded])
    await sql('DELETE FROM space WHERE name = $1', [stranded])
    await sql('DELETE FROM cluster_reading WHERE cluster_id = (SELECT id FROM cluster WHERE name = $1)', [former])
    await sql('DELETE FROM cluster WHERE name = $1', [former])
  }
  expect(problems).toEqual([])
})

test('an open page follows what the worker finds', async ({ as, stack, sql }) => {
  test.setTimeout(120_000)
  const admin = await as('carol')
  await admin.clock.install()
  await admin.goto(`${stack.webUrl}/admin/clusters`)
  await expect(admin.getByRole('heading', { name: 'Capacity of default' })).toBeVisible()
  let round = 0
  // The worker writes the true one again within a minute.
  await expect(async () => {
    // After ten minutes without activity on its clock, the page would pause.
    round++
    await admin.mouse.move(200 + 20 * (round % 2), 200)
    await sql(
      `UPDATE cluster_reading SET version = 'v1.99.0' WHERE cluster_id = (SELECT id FROM cluster WHERE name = 'default')`,
    )
    await admin.clock.fastForward(65_000)
    await expect(admin.getByText('v1.99.0')).toBeVisible({ timeout: 5_000 })
  }).toPass({ timeout: 90_000 })
})

test('auditors and members see no clusters', async ({ as, stack }) => {
  for (const who of ['dave', 'clea']) {
    const page = await as(who)
    await page.goto(`${stack.webUrl}/admin/clusters`)
    await expect(page.getByText('Only platform admins can see this page')).toBeVisible()
    await expect(page.getByRole('link', { name: 'Clusters' })).toHaveCount(0)
  }
})
