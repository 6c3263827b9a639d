import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { startCuttingGateway } from '#e2e/fixtures/cutting-gateway.ts'
import { deployment } from '#e2e/fixtures/deployment.ts'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'

/** Nothing listens on this port. */
const nowhere = 'https://127.0.0.1:1'
const kubeconfig = {
  ...{ apiVersion: 'v1', kind: 'Config' },
  clusters: [{ name: 'away', cluster: { server: nowhere } }],
  users: [{ name: 'broker', user: { token: 'unused' } }],
  contexts: [{ name: 'away', context: { cluster: 'away', user: 'broker' } }],
}

test('while the gateway or the cluster is away, Configuration shows what it can, and why the rest is missing', async ({
  as,
  dir,
  seedSpace,
  webWith,
}) => {
  test.setTimeout(120_000)
  const file = join(dir, 'kubeconfig.json')
  writeFileSync(file, JSON.stringify(kubeconfig))
  const page = await as('asta')
  const name = uniqueName('configured')
  await seedSpace(page, { name })
  const main = page.getByRole('main')
  const list = `/spaces/${name}/configuration`
  const object = (kind: string, of: string) => `${list}/object?${new URLSearchParams({ kind, name: of })}`

  await test.step('without the gateway, everything but Secrets', async () => {
    const webUrl = await webWith({ SPACEPORT_GATEWAY_URL: nowhere })
    await page.goto(webUrl + list)
    await expect(page.getByRole('table', { name: 'ConfigMaps' })).toContainText('kube-root-ca.crt')
    await expect(main).toContainText('Secrets can’t be listed right now')
    await expect(main).toContainText('The gateway isn’t responding')
    expect(await lookBeforeRelease(page, 'space-configuration-without-gateway')).toEqual([])
    await page.goto(webUrl + object('Secret', 'db'))
    await expect(main).toContainText('This Secret can’t be shown right now')
  })

  await test.step('without the cluster, the space and its other tabs', async () => {
    const webUrl = await webWith({ KUBECONFIG: file, SPACEPORT_CLUSTERS: 'default=away' })
    await page.goto(webUrl + list)
    await expect(main).toContainText('The configuration can’t be shown right now')
    await expect(main).toContainText('The cluster isn’t responding')
    await expect(main.getByRole('link', { name: 'Activity' })).toBeVisible()
    await page.goto(webUrl + object('ConfigMap', 'kube-root-ca.crt'))
    await expect(main).toContainText('This ConfigMap can’t be shown right now')
  })
})

test('an edit whose answer breaks off may have been made, and a preview was not; the text stays', async ({
  as,
  dir,
  stack,
  seedSpace,
  kubectlFor,
  webWith,
}) => {
  test.setTimeout(120_000)
  let cutting: 'preview' | 'save' = 'preview'
  const gateway = await startCuttingGateway(
    { dir, gatewayUrl: stack.gatewayUrl },
    (method, url) => method === 'PUT' && url.includes('dryRun=All') === (cutting === 'preview'),
  )
  try {
    const webUrl = await webWith(gateway.settings)
    const page = await as('asta')
    const name = uniqueName('cut')
    await seedSpace(page, { name })
    const mine = await kubectlFor(page, name)
    await mine.ok(['apply', '-f', '-'], { input: deployment('web') })
    const yaml = page.getByRole('textbox', { name: 'YAML' })
    const press = (label: 'Preview' | 'Save') => page.getByRole('button', { name: label, exact: true }).click()
    const said = page.getByRole('form', { name: 'Edit web' }).getByRole('alert')

    await page.goto(`${webUrl}/spaces/${name}/workload/edit?of=Deployment/web`)
    await yaml.fill((await yaml.inputValue()).replace('web:1', 'web:2'))
    await press('Preview')
    await expect(said).toContainText('The gateway isn’t responding, so nothing was done.')
    await expect(yaml).toHaveValue(/web:2/)

    cutting = 'save'
    await press('Preview')
    await press('Save')
    await expect(said).toContainText('this may or may not have been done')
    await expect(yaml).toHaveValue(/web:2/)
    expect(await mine.ok(['get', 'deployment/web', '-o', 'yaml'])).toContain('web:2')
  } finally {
    gateway.stop()
  }
})
