import type { Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { expectMay } from '#e2e/fixtures/expect-may.ts'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

const table = (page: Page) => page.getByRole('table', { name: 'Pods of web' })
const podsOf = (page: Page) => table(page).getByRole('rowheader')
const podNames = (page: Page) => podsOf(page).locator('span:first-child').allTextContents()
const dialog = (page: Page) => page.getByRole('dialog')
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const confirm = (page: Page, name: string) => dialog(page).getByRole('button', { name, exact: true }).click()

test('a workload’s page shows its routes and dependencies, and restarts it, scales it and deletes a pod as the person', async ({
  as,
  stack,
  sql,
  admin,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(240_000)
  const [owner, viewer] = [await as('wren'), await as('walt')]
  const name = uniqueName('worked')
  const problems: string[] = []
  await viewer.goto(stack.webUrl)
  await seedSpace(owner, { name })
  const mine = await kubectlFor(owner, name)
  await mine.ok(['apply', '-f', '-'], { input: web(name) })
  await mine.ok(['rollout', 'status', 'deployment/web', '--timeout=40s'])
  const address = `${stack.webUrl}/spaces/${name}/workload?of=Deployment/web`

  await test.step('a stranger sees nothing', async () => {
    await viewer.goto(address)
    await expect(spacePage(viewer, stack.webUrl, name).unknown).toBeVisible()
  })
  const access = accessPage(owner, stack.webUrl, name)
  await access.open()
  await access.add({ who: 'walt@example.com', role: 'viewer' })

  await test.step('from the overview, with everything that belongs to it', async () => {
    await owner.goto(`${stack.webUrl}/spaces/${name}`)
    await owner.getByRole('table', { name: 'Workloads' }).getByRole('link', { name: 'web', exact: true }).click()
    await expect(owner.getByRole('heading', { name: 'Deployment web' })).toBeVisible()
    await expect(podsOf(owner)).toHaveCount(2)
    const tabs = owner.getByRole('navigation', { name: `Views of ${name}` })
    await expect(tabs.getByRole('link', { name: 'Overview' })).toHaveAttribute('aria-current', 'true')
    const reach = owner.getByRole('region', { name: 'Reach it' })
    await expect(reach.getByRole('link', { name: /^https:/ })).toHaveAttribute(
      'href',
      `https://${name}.example.com/shop`,
    )
    const line = reach.locator('pre')
    await expect(line).toHaveText('kubectl port-forward service/front 8080:80')
    expect(await line.evaluate((box) => box.scrollWidth - box.clientWidth), 'the line is whole').toBe(0)
    const uses = owner.getByRole('region', { name: 'Uses' }).getByRole('listitem')
    await expect(uses).toHaveText(['settingsConfigMap: environment, /etc/web', 'dbSecret: environment'])
    const containers = owner.getByRole('region', { name: 'Containers' })
    await expect(containers).toContainText('The space’s default requests and limits apply.')
    await expect(containers.locator('dl')).toContainText('LOG_LEVELConfigMap settings, key LOG_LEVEL')
    await expect(containers.locator('dl')).toContainText('DBSecret db, key password')
    await expect(containers).not.toContainText('hunter2')
    await expect(owner.getByRole('region', { name: 'Events' })).toContainText('ScalingReplicaSet')
    problems.push(...(await lookBeforeRelease(owner, 'space-workload-owner')))
    await owner.getByRole('link', { name: 'Show YAML' }).click()
    const yaml = owner.getByRole('region', { name: 'YAML' })
    await expect(yaml).toContainText('kind: Deployment')
    await expect(yaml).toContainText('One value looks secret')
    await expect(yaml).toContainText('LOG_LEVEL')
    await expect(yaml).not.toContainText('hunter2')
    await expect(yaml).not.toContainText('managedFields:')
    problems.push(...(await lookBeforeRelease(owner, 'space-workload-yaml')))
    await owner.getByRole('link', { name: 'Hide YAML' }).click()
    await expect(yaml).not.toContainText('kind: Deployment')
  })

  await test.step('restarting replaces the pods', async () => {
    const before = await podNames(owner)
    await press(owner, 'Restart')
    await expect(dialog(owner)).toContainText('Its 2 pods are replaced')
    await expect(dialog(owner)).toContainText('kubectl rollout restart deployment/web')
    problems.push(...(await lookBeforeRelease(owner, 'space-workload-restart')))
    await confirm(owner, 'Restart')
    await expect(owner.getByText('Restarting web.')).toBeVisible()
    for (const pod of before) await expect(podsOf(owner).filter({ hasText: pod })).toHaveCount(0)
    await expect(podsOf(owner)).toHaveCount(2)
  })

  await test.step('scaling is checked, done, and undone', async () => {
    await press(owner, 'Scale')
    await dialog(owner).getByLabel('Pods').fill('1.5')
    await confirm(owner, 'Scale')
    await expect(dialog(owner)).toContainText('Enter a whole number.')
    await dialog(owner).getByLabel('Pods').fill('3')
    await expect(dialog(owner)).toContainText('kubectl scale deployment/web --replicas=3')
    await confirm(owner, 'Scale')
    // It stays while the pointer is on it.
    await owner.getByText('Scaled web to 3.').hover()
    await expect(podsOf(owner)).toHaveCount(3)
    await press(owner, 'Undo')
    await expect(owner.getByText('Scaled web to 2.')).toBeVisible()
    await expect(podsOf(owner)).toHaveCount(2)
  })

  const [gone = ''] = await podNames(owner)
  await test.step('a pod is deleted, and another takes its place', async () => {
    await press(owner, `Delete pod ${gone}`)
    await expect(dialog(owner)).toContainText('Deployment web starts another pod in its place.')
    await expect(dialog(owner)).toContainText(`kubectl delete pod/${gone}`)
    await confirm(owner, 'Delete pod')
    await expect(owner.getByText(`Deleting the pod ${gone}.`)).toBeVisible()
    await expect(podsOf(owner).filter({ hasText: gone })).toHaveCount(0)
    await expect(podsOf(owner)).toHaveCount(2)
  })

  await test.step('an autoscaler in control is named before a person scales', async () => {
    await mine.ok(['autoscale', 'deployment/web', '--name=grows', '--min=2', '--max=5'])
    await owner.reload()
    await expect(owner.getByText('autoscaled, 2 to 5 pods')).toBeVisible()
    await press(owner, 'Scale')
    await expect(dialog(owner)).toContainText('The autoscaler grows controls this')
    await owner.keyboard.press('Escape')
    await mine.ok(['delete', 'hpa', 'grows'])
  })

  await test.step('each action is in the trail as the person’s, from their browser', async () => {
    // The page itself reads the last lines of ended pods.
    const rows = await sql(
      `SELECT action, target_kind AS kind, target_name AS name FROM audit_event
       WHERE intent_id IS NULL AND (detail -> 'browser')::boolean AND action LIKE 'kubectl.%' AND target_kind <> 'pods/log' AND actor_name = 'Wren Example'
         AND space_id = (SELECT id FROM space WHERE name = $1) ORDER BY seq`,
      [name],
    )
    expect(rows).toEqual([
      { action: 'kubectl.patch', kind: 'deployments.apps', name: 'web' },
      { action: 'kubectl.patch', kind: 'deployments/scale.apps', name: 'web' },
      { action: 'kubectl.patch', kind: 'deployments/scale.apps', name: 'web' },
      { action: 'kubectl.delete', kind: 'pods', name: gone },
    ])
  })

  await test.step('a vanished pod is reported, and nothing else is deleted', async () => {
    const [pod = ''] = await podNames(owner)
    await press(owner, `Delete pod ${pod}`)
    await expect(dialog(owner)).toBeVisible()
    await owner.evaluate(() => {
      const uid = document.querySelector<HTMLInputElement>('dialog[open] form input[name=uid]')
      if (!uid?.form) throw new Error('no form has a uid')
      uid.value = '00000000-0000-4000-8000-000000000000'
      // Immediately: a refresh of the page restores the right one.
      uid.form.requestSubmit()
    })
    await expect(dialog(owner)).toContainText('This has changed or been replaced')
    await owner.keyboard.press('Escape')
    await expect(podsOf(owner).filter({ hasText: pod })).toHaveCount(1)
  })

  const [{ handle } = {}] = await sql(`SELECT handle FROM user_account WHERE name = 'Walt Example'`)
  const change = async (role: 'viewer' | 'editor') => {
    await access.open()
    await access.change({ who: 'Walt Example', role })
    await expectMay(admin, String(handle), name, ['patch', 'deployments'], role === 'editor' ? 'yes' : 'no')
  }
  await test.step('a viewer sees it and can change nothing, and the cluster refuses their attempts', async () => {
    await viewer.goto(address)
    await expect(podsOf(viewer)).toHaveCount(2)
    for (const button of [/^Restart/, /^Scale/, /^Delete pod/])
      await expect(viewer.getByRole('button', { name: button })).toHaveCount(0)
    // The page of a person who was an editor when it was opened.
    await viewer.route('**/live*', () => {})
    await change('editor')
    await viewer.reload()
    await press(viewer, 'Restart')
    await expect(dialog(viewer)).toBeVisible()
    await change('viewer')
    await confirm(viewer, 'Restart')
    await expect(dialog(viewer).getByRole('alert')).toContainText('cannot patch')
  })

  await test.step('a missing workload says so', async () => {
    for (const of of ['Deployment/none', 'Secret/db', 'Deployment/../../secrets/db']) {
      await owner.goto(`${stack.webUrl}/spaces/${name}/workload?of=${encodeURIComponent(of)}`)
      await expect(owner.getByRole('heading', { name: 'This workload is gone' })).toBeVisible()
    }
  })
  expect(problems).toEqual([])
})

const web = (space: string) => `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {LOG_LEVEL: debug}
---
apiVersion: v1
kind: Secret
metadata: {name: db}
stringData: {password: hunter2}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: main
          image: registry.example.com/web:1
          ports: [{containerPort: 3000}]
          env:
            - {name: ADMIN_PASSWORD, value: hunter2}
            - {name: LOG_LEVEL, valueFrom: {configMapKeyRef: {name: settings, key: LOG_LEVEL}}}
            - {name: DB, valueFrom: {secretKeyRef: {name: db, key: password}}}
          volumeMounts: [{name: config, mountPath: /etc/web}]
      volumes: [{name: config, configMap: {name: settings}}]
---
apiVersion: v1
kind: Service
metadata: {name: front}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 3000}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: front}
spec:
  tls: [{hosts: [${space}.example.com], secretName: tls}]
  rules:
    - host: ${space}.example.com
      http: {paths: [{path: /shop, pathType: Prefix, backend: {service: {name: front, port: {number: 80}}}}]}
`
