import type { Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { expectMay } from '#e2e/fixtures/expect-may.ts'
import { forgeForm } from '#e2e/fixtures/forge-form.ts'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { polled } from '#e2e/fixtures/polled.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

const dialog = (page: Page) => page.getByRole('dialog')
const confirm = (page: Page) => dialog(page).getByRole('button', { name: 'Roll back', exact: true }).click()
const rows = (page: Page) => page.getByRole('table', { name: 'Revisions of web' }).getByRole('row')
const start = async (page: Page, revision: number) => {
  await page.getByRole('button', { name: `Roll back to revision ${revision}` }).click()
  await expect(dialog(page)).toBeVisible()
}
const deployment = (name: string, tag: number) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, annotations: {kubernetes.io/change-cause: 'release ${tag}'}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: 'registry.example.com/${name}:${tag}'}]}
`

test('a Deployment is rolled back as the person, to what they saw and nothing else', async ({
  as,
  stack,
  sql,
  admin,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(240_000)
  const [owner, member] = [await as('ragna'), await as('torvald')]
  const [name, foreign] = [uniqueName('rolled'), uniqueName('foreign')]
  await member.goto(stack.webUrl)
  await seedSpace(owner, { name })
  await seedSpace(member, { name: foreign })
  const mine = await kubectlFor(owner, name)
  for (const [workload, tag] of [
    ['web', 1],
    ['web', 2],
    ['other', 1],
  ] as const) {
    await mine.ok(['apply', '-f', '-'], { input: deployment(workload, tag) })
    await mine.ok(['rollout', 'status', `deployment/${workload}`, '--timeout=60s'])
  }
  const image = async () =>
    (await mine.ok(['get', 'deployment', 'web', '-o', 'jsonpath={.spec.template.spec.containers[0].image}'])).trim()
  const address = `${stack.webUrl}/spaces/${name}/workload?of=Deployment/web`
  const problems: string[] = []

  await test.step('a stranger sees nothing', async () => {
    await member.goto(address)
    await expect(spacePage(member, stack.webUrl, name).unknown).toBeVisible()
  })

  await test.step('forged forms change nothing', async () => {
    const other = await mine.ok(['get', 'replicaset', '-l', 'app=other', '-o', 'jsonpath={.items[0].metadata.name}'])
    for (const [field, value, refusal] of [
      ['space', foreign, 'Not found, or not shared with you.'],
      ['of', 'Secret/web', 'Some fields need your attention.'],
      ['of', 'Deployment/other', 'This revision no longer exists'],
      ['of', 'Deployment/../../secrets/db', 'Some fields need your attention.'],
      ['revision', other.trim(), 'This revision no longer exists'],
      ['revision', 'vanished', 'This revision no longer exists'],
      ['revision', '../../secrets/db', 'Some fields need your attention.'],
      ['from', 'a'.repeat(64), 'This has changed or been replaced'],
      ['to', 'a'.repeat(64), 'This has changed or been replaced'],
    ] as const) {
      await owner.goto(address)
      await start(owner, 1)
      await forgeForm(owner, { [field]: value })
      await expect(dialog(owner).getByRole('alert'), `${field}=${value}`).toContainText(refusal)
    }
    expect(await image()).toBe('registry.example.com/web:2')
  })

  await test.step('the confirmation names the images, and the template is restored', async () => {
    await owner.goto(address)
    await expect(rows(owner)).toHaveCount(3)
    await expect(rows(owner).nth(1)).toContainText('Current')
    await expect(rows(owner).nth(1)).toContainText('release 2')
    problems.push(...(await lookBeforeRelease(owner, 'space-workload-revisions')))
    await start(owner, 1)
    await expect(dialog(owner)).toContainText('from registry.example.com/web:2 to registry.example.com/web:1')
    await expect(dialog(owner)).toContainText('kubectl rollout undo deployment/web --to-revision=1')
    problems.push(...(await lookBeforeRelease(owner, 'space-workload-roll-back')))
    await confirm(owner)
    await expect(owner.getByText('Rolling back web.')).toBeVisible()
    expect(await image()).toBe('registry.example.com/web:1')
    await expect(rows(owner).nth(1)).toContainText('release 1', polled)
    await expect(rows(owner).nth(1)).toContainText('Current')
    const trail = await sql(
      `SELECT action, target_kind AS kind, target_name AS name FROM audit_event
       WHERE intent_id IS NULL AND (detail -> 'browser')::boolean AND action = 'kubectl.patch' AND actor_name = 'Ragna Example'
         AND space_id = (SELECT id FROM space WHERE name = $1)`,
      [name],
    )
    expect(trail).toEqual([{ action: 'kubectl.patch', kind: 'deployments.apps', name: 'web' }])
  })

  const access = accessPage(owner, stack.webUrl, name)
  const [{ handle } = {}] = await sql(`SELECT handle FROM user_account WHERE name = 'Torvald Example'`)
  await test.step('a member who became a viewer, or left, changes nothing with an open page', async () => {
    // The page of a person who was an editor when it was opened.
    await member.route('**/live*', () => {})
    await access.open()
    await access.add({ who: 'torvald@example.com', role: 'editor' })
    await expectMay(admin, String(handle), name, ['patch', 'deployments'], 'yes')
    await member.goto(address)
    await start(member, 2)
    await access.open()
    await access.change({ who: 'Torvald Example', role: 'viewer' })
    await expectMay(admin, String(handle), name, ['patch', 'deployments'], 'no')
    await confirm(member)
    await expect(dialog(member).getByRole('alert')).toContainText('cannot patch')
    await access.open()
    await access.remove('Torvald Example')
    await confirm(member)
    await expect(dialog(member).getByRole('alert')).not.toContainText('cannot patch')
    expect(await image()).toBe('registry.example.com/web:1')
  })

  await test.step('a paused Deployment says so and offers no roll back', async () => {
    await mine.ok(['rollout', 'pause', 'deployment/web'])
    await owner.goto(address)
    await expect(owner.getByText('It is paused: resume it before you roll it back.')).toBeVisible()
    await expect(owner.getByRole('button', { name: /^Roll back/ })).toHaveCount(0)
  })
  expect(problems).toEqual([])
})
