import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { spacePage } from '#e2e/models/space-page.ts'

// Both verify and read the same chain.
test.describe.configure({ mode: 'serial' })

test('an auditor and the space’s members see who deleted a deployment around the gateway', async ({
  as,
  stack,
  admin,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(240_000)
  const problems: string[] = []
  const [developer, auditor] = [await as('agda'), await as('dave')]
  const name = uniqueName('around')
  const space = spacePage(developer, stack.webUrl, name)
  await seedSpace(developer, { name })
  const mine = await kubectlFor(developer, name)
  await mine.ok(['create', 'deployment', 'web', '--image=registry.k8s.io/pause:3.10', '--replicas=0'])
  await admin.ok(['delete', 'deployment', 'web', '-n', name])

  const entries = auditor.getByRole('region', { name: 'Actions, newest first' }).getByRole('listitem')
  await auditor.goto(`${stack.webUrl}/audit?space=${name}&route=around`)
  const deleted = entries.filter({ hasText: `deleted the deployment web in ${name} bypassing the gateway` })
  await expect(async () => {
    await auditor.reload()
    await expect(deleted).toHaveCount(1)
  }).toPass({ timeout: 30_000 })
  await expect(deleted.getByText('Bypassed the gateway', { exact: true })).toBeVisible()
  const reported = /^Reported by the cluster [a-z0-9-]+, not seen by Spaceport$/
  await expect(deleted.getByText(reported)).toBeVisible()
  await deleted.locator('summary').first().click()
  await expect(deleted).toContainText('Gateway: bypassed')
  await expect(deleted).toContainText('API server: answered 200')
  problems.push(...(await lookBeforeRelease(auditor, 'audit-around')))
  await deleted.locator('summary').filter({ hasText: 'Raw event, reported by cluster/' }).click()
  await expect(deleted.locator('pre')).toContainText('"route": "around"')
  await deleted.getByRole('link', { name: 'Event page' }).click()
  await auditor.waitForURL(/\/audit\/events\/[0-9a-f-]{36}$/)
  await expect(auditor.getByRole('main')).toContainText(`deleted the deployment web in ${name} bypassing the gateway`)

  // From the event to the space's story, which also has the path of the requests through the gateway.
  await auditor.getByRole('main').getByRole('link', { name, exact: true }).first().click()
  await auditor.waitForURL(/\/audit\/spaces\/[0-9a-f-]{36}$/)
  await expect(auditor.getByRole('heading', { level: 1, name })).toBeVisible()
  const created = entries.filter({ hasText: `Agda Example created the deployment web in ${name} with kubectl` })
  await expect(created.getByText(reported)).toHaveCount(0)
  await created.locator('summary').first().click()
  const way = created.locator('details details').first()
  await expect(way.locator('summary')).toContainText('Agda Example')
  await expect(way.locator('summary')).toContainText('API server: answered 201', { timeout: 15_000 })
  await way.locator('summary').click()
  await expect(way).toContainText('observed by gateway/')
  await expect(way).toContainText('observed by cluster/')
  problems.push(...(await lookBeforeRelease(auditor, 'audit-story-of-a-space')))

  // The credential that was used, and the person.
  await way.getByRole('link', { name: 'Kubeconfig' }).click()
  await auditor.waitForURL(/\/audit\/credentials\/[0-9a-f-]{36}$/)
  await expect(auditor.getByRole('heading', { level: 1, name: 'Kubeconfig of Agda Example' })).toBeVisible()
  await expect(entries.filter({ hasText: 'created the deployment web' })).toHaveCount(1)
  problems.push(...(await lookBeforeRelease(auditor, 'audit-story-of-a-credential')))
  await auditor.getByRole('main').getByRole('link', { name: 'Agda Example' }).first().click()
  await auditor.waitForURL(/\/admin\/people\/agda-[0-9a-f]+\/activity$/)
  await expect(entries.filter({ hasText: `created the space ${name}` })).toHaveCount(1)
  problems.push(...(await lookBeforeRelease(auditor, 'audit-story-of-a-person')))

  await space.open('activity')
  await expect(developer.getByRole('main').getByText('Bypassed the gateway', { exact: true })).toBeVisible()
  await expect(developer.getByRole('main')).toContainText('deleted the deployment web bypassing the gateway')
  await expect(developer.getByRole('main').getByText(reported)).toBeVisible()
  problems.push(...(await lookBeforeRelease(developer, 'space-activity-around')))
  expect(problems).toEqual([])
})

test('stories and events are for readers of the trail; others get the same page as for a missing one', async ({
  as,
  stack,
}) => {
  const page = await as('agda')
  for (const [path, address = `/audit/${path}`] of [
    ['people/dave-000000', '/admin/people/dave-000000/activity'],
    ['spaces/00000000-0000-4000-8000-000000000000'],
    ['events/00000000-0000-4000-8000-000000000000'],
  ]) {
    await page.goto(`${stack.webUrl}${address}`)
    await expect(
      page.getByRole('heading', { name: 'Only auditors and platform admins can see this page' }),
    ).toBeVisible()
    expect((await page.request.get(`${stack.webUrl}/api/rows/audit/${path}`)).status()).toBe(403)
  }
})

test('the chain is verified on the page, and a row edited by the database owner is reported', async ({
  as,
  stack,
  sql,
}) => {
  test.setTimeout(240_000)
  const problems: string[] = []
  const auditor = await as('dave')
  await auditor.goto(`${stack.webUrl}/audit/exports`)
  const chain = auditor.getByRole('region', { name: 'Integrity' })
  const verdict = (text: string) => chain.getByRole('paragraph').first().getByText(text, { exact: true })
  const verify = async () => {
    const asked = Date.now()
    await expect(chain.getByRole('button', { name: 'Verify' })).toBeVisible({ timeout: 60_000 })
    await chain.getByRole('button', { name: 'Verify' }).click()
    await expect
      .poll(
        async () => {
          const [row] = await sql(
            `SELECT result, extract(epoch FROM asked_at) * 1000 AS at FROM trail_check ORDER BY asked_at DESC LIMIT 1`,
          )
          return Number(row?.at) >= asked - 5_000 && row?.result !== null
        },
        { timeout: 60_000 },
      )
      .toBe(true)
  }
  await verify()
  await expect(verdict('Intact')).toBeVisible({ timeout: 30_000 })
  problems.push(...(await lookBeforeRelease(auditor, 'audit-chain-holds')))

  // Other tests insert rows with lower numbers than real ones.
  const [row] = await sql(
    `SELECT e.id, e.target_name FROM audit_event e WHERE e.seq >= 1000000000000 AND e.target_name IS NOT NULL AND e.intent_id IS NULL
       AND NOT EXISTS (SELECT FROM audit_unsealed u WHERE u.seq = e.seq) ORDER BY e.seq LIMIT 1`,
  )
  // Others write at the same time. A short lock timeout and retries avoid a deadlock.
  const edit = (name: unknown) =>
    expect(() =>
      sql(`DO $$ BEGIN
        SET LOCAL lock_timeout = '500ms';
        ALTER TABLE audit_event DISABLE TRIGGER audit_event_append_only;
        UPDATE audit_event SET target_name = '${name}' WHERE id = '${row?.id}';
        ALTER TABLE audit_event ENABLE TRIGGER audit_event_append_only;
      END $$`),
    ).toPass({ timeout: 60_000 })
  await edit('not-what-it-was')
  try {
    await verify()
    await expect(verdict('Broken')).toBeVisible({ timeout: 30_000 })
    await expect(chain.getByRole('alert')).toContainText('Edited:')
    problems.push(...(await lookBeforeRelease(auditor, 'audit-chain-broken')))
    await chain.getByRole('link', { name: 'Show event' }).first().click()
    await auditor.waitForURL(`**/audit/events/${row?.id}`)
    problems.push(...(await lookBeforeRelease(auditor, 'audit-event')))
    await auditor.goto(`${stack.webUrl}/audit`)
    await auditor.getByRole('main').getByRole('link', { name: 'Broken' }).click()
    await expect(verdict('Broken')).toBeVisible()
    await auditor.goto(`${stack.webUrl}/inbox`)
    await expect(auditor.getByRole('main')).toContainText('The audit trail was changed.')
  } finally {
    await edit(row?.target_name)
  }
  await auditor.goto(`${stack.webUrl}/audit/exports`)
  await verify()
  await expect(verdict('Intact')).toBeVisible({ timeout: 30_000 })

  const download = auditor.waitForEvent('download')
  await chain.getByRole('link', { name: 'Download checkpoints' }).click()
  expect((await download).suggestedFilename()).toMatch(/^spaceport-checkpoints-.*\.ndjson$/)
  expect(problems).toEqual([])
})

test('the page of an event has its sentence as the heading', async ({ as, stack, sql }) => {
  const auditor = await as('dave')
  const [row] = await sql(
    `SELECT id FROM audit_event WHERE action = 'session.sign-in' AND actor_name = 'Dave Example' ORDER BY seq LIMIT 1`,
  )
  await auditor.goto(`${stack.webUrl}/audit/events/${row?.id}`)
  await expect(auditor.getByRole('heading', { level: 1 })).toHaveText('Dave Example signed in')
})
