import type { Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { expectMay } from '#e2e/fixtures/expect-may.ts'
import { forgeForm } from '#e2e/fixtures/forge-form.ts'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'

const jobs = (page: Page) => page.getByRole('table', { name: 'Jobs of nightly' }).getByRole('row')
const dialog = (page: Page) => page.getByRole('dialog')
const open = async (page: Page, act: 'Run now' | 'Suspend' | 'Resume') => {
  await page.getByRole('button', { name: act, exact: true }).click()
  await expect(dialog(page)).toBeVisible()
}
const confirm = (page: Page, act: 'Run now' | 'Suspend' | 'Resume') =>
  dialog(page).getByRole('button', { name: act, exact: true }).click()

test('a CronJob is run now, suspended and resumed, as the person, and only as they saw it', async ({
  as,
  stack,
  sql,
  admin,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(240_000)
  const [owner, editor] = [await as('cora'), await as('cyril')]
  const name = uniqueName('timed')
  await editor.goto(stack.webUrl)
  await seedSpace(owner, { name })
  const mine = await kubectlFor(owner, name)
  await mine.ok(['apply', '-f', '-'], { input: cronJob })
  const suspended = async () => (await mine.ok(['get', 'cronjob/nightly', '-o', 'jsonpath={.spec.suspend}'])).trim()
  const address = `${stack.webUrl}/spaces/${name}/workload?of=CronJob/nightly`
  await owner.goto(address)
  await expect(owner.getByRole('region', { name: 'Jobs' })).toContainText('Schedule 0 3 1 1 * (Etc/UTC)')
  await expect(owner.getByRole('heading', { name: 'No Jobs' })).toBeVisible()

  await test.step('a forged form starts and changes nothing', async () => {
    const cases = [
      { act: 'Run now', fields: { of: 'Deployment/nightly' }, says: 'Some fields need your attention' },
      { act: 'Run now', fields: { of: 'CronJob/../../secrets/db' }, says: 'Some fields need your attention' },
      { act: 'Run now', fields: { of: 'CronJob/none' }, says: 'This no longer exists' },
      { act: 'Run now', fields: { uid: '00000000-0000-4000-8000-000000000000' }, says: 'This has changed' },
      { act: 'Suspend', fields: { uid: '00000000-0000-4000-8000-000000000000' }, says: 'This has changed' },
      { act: 'Suspend', fields: { suspend: 'maybe' }, says: 'Some fields need your attention' },
    ] as const
    for (const { act, fields, says } of cases) {
      await open(owner, act)
      await forgeForm(owner, fields)
      await expect(dialog(owner).getByRole('alert')).toContainText(says)
      await owner.reload()
    }
    expect(await mine.ok(['get', 'jobs', '-o', 'name'])).toBe('')
    expect(await suspended()).toBe('false')
  })

  await test.step('a Job starts now, as kubectl would start it', async () => {
    await open(owner, 'Run now')
    await expect(dialog(owner)).toContainText('kubectl create job nightly-manual --from=cronjob/nightly')
    await confirm(owner, 'Run now')
    await expect(owner.getByText('Started a Job of nightly.')).toBeVisible()
    await expect(jobs(owner)).toHaveCount(2)
    await expect(jobs(owner).nth(1)).toContainText('Run by hand')
    const { items } = JSON.parse(await mine.ok(['get', 'jobs', '-o', 'json']))
    const uid = await mine.ok(['get', 'cronjob/nightly', '-o', 'jsonpath={.metadata.uid}'])
    expect(items).toMatchObject([
      {
        metadata: {
          annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', note: 'kept' },
          labels: { team: 'shop' },
          ownerReferences: [{ kind: 'CronJob', name: 'nightly', uid: uid.trim(), controller: true }],
        },
        spec: { backoffLimit: 2 },
      },
    ])
    expect(await lookBeforeRelease(owner, 'space-workload-cron-job')).toEqual([])
  })

  await test.step('it is suspended and resumed', async () => {
    await open(owner, 'Suspend')
    await confirm(owner, 'Suspend')
    await expect(owner.getByText('Suspended nightly.')).toBeVisible()
    await expect(owner.getByRole('region', { name: 'Jobs' })).toContainText('suspended')
    expect(await suspended()).toBe('true')
    await open(owner, 'Resume')
    await confirm(owner, 'Resume')
    await expect(owner.getByText('Resumed nightly.')).toBeVisible()
    await expect(owner.getByRole('button', { name: 'Suspend', exact: true })).toBeVisible()
    expect(await suspended()).toBe('false')
  })

  await test.step('the trail has each as the person’s, from their browser', async () => {
    const rows = await sql(
      `SELECT action, target_kind AS kind, outcome FROM audit_event
       WHERE intent_id IS NOT NULL AND (detail -> 'browser')::boolean AND action LIKE 'kubectl.%' AND target_kind <> 'pods/log'
         AND actor_name = 'Cora Example' AND space_id = (SELECT id FROM space WHERE name = $1) ORDER BY seq`,
      [name],
    )
    expect(rows).toEqual([
      // The forged uid: the API server refused it.
      { action: 'kubectl.patch', kind: 'cronjobs.batch', outcome: 'failed' },
      { action: 'kubectl.create', kind: 'jobs.batch', outcome: 'ok' },
      { action: 'kubectl.patch', kind: 'cronjobs.batch', outcome: 'ok' },
      { action: 'kubectl.patch', kind: 'cronjobs.batch', outcome: 'ok' },
    ])
  })

  await test.step('a viewer sees the Jobs, and the cluster refuses a former editor', async () => {
    const access = accessPage(owner, stack.webUrl, name)
    await access.open()
    await access.add({ who: 'cyril@example.com', role: 'editor' })
    const [{ handle } = {}] = await sql(`SELECT handle FROM user_account WHERE name = 'Cyril Example'`)
    await editor.route('**/live*', () => {})
    await editor.goto(address)
    await open(editor, 'Run now')
    await access.open()
    await access.change({ who: 'Cyril Example', role: 'viewer' })
    await expectMay(admin, String(handle), name, ['create', 'jobs'], 'no')
    await confirm(editor, 'Run now')
    await expect(dialog(editor).getByRole('alert')).toContainText('cannot create')
    await editor.reload()
    await expect(jobs(editor)).toHaveCount(2)
    for (const act of ['Run now', 'Suspend'])
      await expect(editor.getByRole('button', { name: act, exact: true })).toHaveCount(0)
  })
})

const cronJob = `apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: 0 3 1 1 *
  timeZone: Etc/UTC
  jobTemplate:
    metadata: {labels: {team: shop}, annotations: {note: kept}}
    spec:
      backoffLimit: 2
      template:
        spec: {restartPolicy: Never, containers: [{name: main, image: registry.example.com/nightly:1}]}
`
