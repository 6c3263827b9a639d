import type { Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { deployment } from '#e2e/fixtures/deployment.ts'
import { expectMay } from '#e2e/fixtures/expect-may.ts'
import { look } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

const yaml = (page: Page) => page.getByRole('textbox', { name: 'YAML' })
const changes = (page: Page) => page.getByRole('region', { name: 'Changes' })
const form = (page: Page) => page.getByRole('form', { name: 'Edit web' })
const press = (page: Page, name: 'Preview' | 'Save') => page.getByRole('button', { name, exact: true }).click()
const replace = async (page: Page, from: string | RegExp, to: string) => {
  const text = await yaml(page).inputValue()
  expect(text).toMatch(from)
  await yaml(page).fill(text.replace(from, to))
}

test('a manifest is edited after a dry run, as the person, and no concurrent change is lost', async ({
  as,
  stack,
  sql,
  admin,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(240_000)
  const [owner, editor] = [await as('edwin'), await as('ellen')]
  const name = uniqueName('edited')
  await seedSpace(owner, { name })
  const mine = await kubectlFor(owner, name)
  await mine.ok(['apply', '-f', '-'], { input: deployment('web', 1) })
  await mine.ok(['rollout', 'status', 'deployment/web', '--timeout=40s'])
  const stored = async () => JSON.parse(await mine.ok(['get', 'deployment/web', '-o', 'json', '--show-managed-fields']))
  const before = await stored()
  const address = `${stack.webUrl}/spaces/${name}/workload/edit?of=Deployment/web`

  await test.step('a stranger sees nothing', async () => {
    await editor.goto(address)
    await expect(spacePage(editor, stack.webUrl, name).unknown).toBeVisible()
  })

  await test.step('from the workload’s page, without status and managedFields', async () => {
    await owner.goto(`${stack.webUrl}/spaces/${name}/workload?of=Deployment/web`)
    await owner.getByRole('link', { name: 'Edit YAML' }).click()
    await expect(owner.getByRole('heading', { name: 'Edit Deployment web' })).toBeVisible()
    await expect(yaml(owner)).toHaveValue(/^apiVersion: apps\/v1\nkind: Deployment\nmetadata:\n {2}name: web\n/)
    await expect(yaml(owner)).not.toHaveValue(/managedFields|resourceVersion|last-applied|\nstatus:/)
    await expect(owner.getByText('kubectl edit deployment/web')).toBeVisible()
    await expect(owner.getByRole('button', { name: 'Save' })).toHaveCount(0)
  })

  await test.step('the numbers of the lines scroll with the text', async () => {
    const opened = await yaml(owner).inputValue()
    await yaml(owner).fill(`${opened}${'\n'.repeat(100)}`)
    const numbers = form(owner).locator('pre').first()
    await expect(numbers).toHaveText(new RegExp(`\\b${opened.split('\n').length + 100}$`))
    const scrolled = await yaml(owner).evaluate((box) => {
      box.scrollTop = box.scrollHeight
      return box.scrollTop
    })
    expect(scrolled).toBeGreaterThan(0)
    await expect.poll(() => numbers.evaluate((box) => box.scrollTop)).toBe(scrolled)
    await yaml(owner).fill(opened)
    await expect(form(owner).getByRole('link', { name: 'Cancel' })).toHaveAttribute(
      'href',
      `/spaces/${name}/workload?of=Deployment%2Fweb`,
    )
  })

  await test.step('what can’t be read, or is another object, is refused in plain words, and the text stays', async () => {
    const opened = await yaml(owner).inputValue()
    const cases = [
      { from: 'kind: Deployment', to: 'kind: Secret', says: 'Keep kind: Deployment.' },
      { from: 'apps/v1', to: 'v1', says: 'Keep apiVersion: apps/v1.' },
      { from: 'name: web', to: 'name: ../../secrets/db', says: 'Keep metadata.name: web.' },
      { from: `namespace: ${name}`, to: 'namespace: kube-system', says: `Keep metadata.namespace: ${name}.` },
      { from: /^/, to: 'kind: Deployment\n---\n', says: 'Write one document' },
      { from: /$/, to: 'a: &a [x, *a]\n', says: 'aliases aren’t supported' },
      { from: 'replicas: 1', to: 'replicas: 1: 2', says: /Line \d+: / },
      { from: 'replicas: 1', to: 'replicas: 9007199254740993', says: 'too large a number' },
      { from: 'replicas: 1', to: `replicas: ${'1'.repeat(64_001)}`, says: 'At most 64000 characters.' },
    ]
    for (const { from, to, says } of cases) {
      await replace(owner, from, to)
      const text = await yaml(owner).inputValue()
      await press(owner, 'Preview')
      await expect(form(owner)).toContainText(says)
      await expect(yaml(owner)).toHaveValue(text)
      await yaml(owner).fill(opened)
    }
    for (const [from, to, says] of [
      ['replicas: 1', 'replicas: -1', 'must be greater than or equal to 0'],
      ['replicas: 1', 'replica: 1', 'unknown field'],
    ] as const) {
      await replace(owner, from, to)
      await press(owner, 'Preview')
      await expect(form(owner).getByRole('alert')).toContainText(says)
      await yaml(owner).fill(opened)
    }
    expect((await stored()).metadata.generation).toBe(before.metadata.generation)
  })

  await test.step('a preview shows what the cluster would store, and stores nothing', async () => {
    await replace(owner, 'registry.example.com/web:1', 'registry.example.com/web:2')
    await press(owner, 'Preview')
    await expect(changes(owner)).toContainText(/^The cluster accepts this/)
    await expect(changes(owner).getByText(/^-.*image: registry.example.com\/web:1$/)).toBeVisible()
    await expect(changes(owner).getByText(/^\+.*image: registry.example.com\/web:2$/)).toBeVisible()
    expect(await look(owner, 'space-workload-edit')).toEqual([])
    const now = await stored()
    expect(now.spec).toEqual(before.spec)
  })

  await test.step('what changes after the preview is shown again before it can be saved', async () => {
    await replace(owner, 'replicas: 1', 'replicas: 2')
    await expect(owner.getByRole('button', { name: 'Save' })).toHaveCount(0)
    await press(owner, 'Preview')
    await expect(changes(owner)).toContainText('replicas: 2')
  })

  await test.step('a concurrent change is neither overwritten nor is the text lost', async () => {
    await mine.ok(['label', 'deployment/web', 'team=shop'])
    await press(owner, 'Save')
    await expect(form(owner).getByRole('alert')).toContainText('web has changed since you opened it')
    await expect(yaml(owner)).toHaveValue(/web:2/)
    expect(await stored()).toMatchObject({ metadata: { labels: { team: 'shop' } }, spec: { replicas: 1 } })
    await owner.reload()
    await expect(yaml(owner)).toHaveValue(/team: shop/)
  })

  await test.step('saving stores it, and keeps what the text leaves out', async () => {
    await replace(owner, 'registry.example.com/web:1', 'registry.example.com/web:2')
    await press(owner, 'Preview')
    await expect(changes(owner)).toContainText('web:2')
    await press(owner, 'Save')
    await expect(owner.getByText('Saved web.')).toBeVisible()
    await expect(owner.getByRole('heading', { name: 'Deployment web' })).toBeVisible()
    const after = await stored()
    expect(after.spec.template.spec.containers[0].image).toBe('registry.example.com/web:2')
    const applied = 'kubectl.kubernetes.io/last-applied-configuration'
    expect(after.metadata.annotations[applied]).toBe(before.metadata.annotations[applied])
    expect(after.metadata.uid).toBe(before.metadata.uid)
  })

  await test.step('the trail has each attempt as the person’s, with dry runs marked', async () => {
    const rows = await sql(
      `SELECT action, detail -> 'dryRun' AS "dryRun", outcome FROM audit_event
       WHERE intent_id IS NOT NULL AND (detail -> 'browser')::boolean AND action LIKE 'kubectl.%' AND target_kind = 'deployments.apps'
         AND actor_name = 'Edwin Example' AND space_id = (SELECT id FROM space WHERE name = $1) ORDER BY seq`,
      [name],
    )
    const dryRun = { action: 'kubectl.update', dryRun: true }
    expect(rows).toEqual([
      { ...dryRun, outcome: 'failed' },
      { ...dryRun, outcome: 'failed' },
      { ...dryRun, outcome: 'ok' },
      { ...dryRun, outcome: 'ok' },
      { ...dryRun, outcome: 'ok' },
      { action: 'kubectl.update', dryRun: null, outcome: 'ok' },
    ])
  })

  await test.step('a viewer can’t open it, and the cluster refuses a former editor', async () => {
    const access = accessPage(owner, stack.webUrl, name)
    await access.open()
    await access.add({ who: 'ellen@example.com', role: 'editor' })
    const [{ handle } = {}] = await sql(`SELECT handle FROM user_account WHERE name = 'Ellen Example'`)
    await editor.route('**/live*', () => {})
    await editor.goto(address)
    await replace(editor, 'replicas: 1', 'replicas: 3')
    await access.open()
    await access.change({ who: 'Ellen Example', role: 'viewer' })
    await expectMay(admin, String(handle), name, ['update', 'deployments'], 'no')
    await press(editor, 'Preview')
    await expect(form(editor).getByRole('alert')).toContainText('cannot update')
    await editor.goto(address)
    await expect(editor.getByText('Editors and admins can edit workloads')).toBeVisible()
    await expect(yaml(editor)).toHaveCount(0)
    expect((await stored()).spec.replicas).toBe(1)
  })
})
