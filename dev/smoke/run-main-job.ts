import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium as browserType, expect, type Page } from '@playwright/test'
import { createKubectl, type Kubectl } from '#dev/testing/kubectl.ts'
import { deployment } from '#e2e/fixtures/deployment.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { signIn } from '#e2e/models/sign-in.ts'
import { spacePage } from '#e2e/models/space-page.ts'
import type { Target } from './open-target.ts'
import type { Step } from './steps.ts'

type Options = { step: Step; target: Target; kubectl: string; chromium: string; dir: string }

/**
 * The main job as a person does it, in the portal and with plain kubectl. The space is deleted again, even after a
 * failure.
 * @throws Error that says what failed
 */
export async function runMainJob({ step, target, kubectl: program, chromium, dir }: Options): Promise<void> {
  const { webUrl } = target
  const browser = await browserType.launch({
    executablePath: chromium,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  const page = await (await browser.newContext({ ignoreHTTPSErrors: false })).newPage()
  page.setDefaultTimeout(30_000)
  const name = `smoke-${randomBytes(3).toString('hex')}`
  const space = spacePage(page, webUrl, name)
  let made = false
  try {
    await step(`${target.login.username} signs in`, () => signIn(page, webUrl, target.login))
    await step(`a space is created: ${name}`, async () => {
      await newSpacePage(page).create(webUrl, { name, description: 'Made by npm run smoke' })
      made = true
    })
    await step('it is ready', () => expect(space.status).toHaveText('Ready', { timeout: 60_000 }))
    const kubeconfig = join(dir, 'kubeconfig.yaml')
    await step('its kubeconfig is downloaded', () => space.downloadKubeconfig(kubeconfig))
    const kubectl = createKubectl({ program, kubeconfig })
    await workWithIt(step, kubectl, name)
    if (target.simulated) await lookInside(step, kubectl)
    await beRefusedElsewhere(step, kubectl, name)
    await step('it is deleted', async () => {
      await space.remove()
      await waitUntilGone(page, webUrl, name)
      made = false
    })
    const { admin } = target
    if (admin !== undefined) {
      await step('the namespace is gone', async () => {
        const labelled = await admin.ok(['get', 'namespaces', '-l', `spaceport.dev/space=${name}`, '-o', 'name'])
        expect(labelled).toBe('')
      })
    }
    await step('its kubeconfig no longer works', () => expectRefused(kubectl, ['get', 'pods'], /credential|no access/i))
  } finally {
    if (made) await space.remove().catch(() => {})
    await browser.close()
  }
}

async function workWithIt(step: Step, kubectl: Kubectl, name: string): Promise<void> {
  await step('kubectl apply: a deployment', () => kubectl.ok(['apply', '-f', '-'], { input: deployment('web') }))
  await step('kubectl get pods: it has one', async () => {
    const deadline = performance.now() + 30_000
    while (!(await kubectl.ok(['get', 'pods', '-o', 'name'])).startsWith('pod/web-')) {
      if (performance.now() > deadline) throw new Error('The deployment got no pod within 30 s.')
      await sleep(250)
    }
  })
  await step('kubectl get namespaces: your own and no other', async () => {
    const namespaces = (await kubectl.ok(['get', 'namespaces', '-o', 'name'])).trim().split('\n')
    // The portal may prefix its names.
    expect(namespaces.find((namespace) => namespace.endsWith(name))).toBeDefined()
    expect(namespaces).not.toContain('namespace/kube-system')
  })
  await step('kubectl auth can-i: yes here', async () => {
    expect(await kubectl.ok(['auth', 'can-i', 'create', 'deployments'])).toContain('yes')
  })
}

async function lookInside(step: Step, kubectl: Kubectl): Promise<void> {
  await step('kubectl exec: the simulated container answers', async () => {
    // A pod runs a moment after it is created.
    await kubectl.ok(['wait', '--for=condition=Available', 'deployment/web', '--timeout=30s'])
    const input = 'there and back'
    expect(await kubectl.ok(['exec', '-i', 'deployment/web', '--', 'cat'], { input })).toBe(input)
    const unknown = await kubectl.run(['exec', 'deployment/web', '--', 'uname'])
    expect(unknown).toMatchObject({ status: 127, stderr: expect.stringContaining('not found') })
  })
}

async function beRefusedElsewhere(step: Step, kubectl: Kubectl, name: string): Promise<void> {
  await step('kubectl is refused in another namespace', () =>
    expectRefused(kubectl, ['get', 'pods', '--namespace', 'kube-system'], /forbidden/i),
  )
  await step('kubectl is refused in all namespaces at once', () =>
    expectRefused(kubectl, ['get', 'pods', '--all-namespaces'], /forbidden/i),
  )
  await step('kubectl is refused on the cluster', async () => {
    await expectRefused(kubectl, ['get', 'nodes'], /forbidden/i)
    await expectRefused(kubectl, ['delete', 'namespace', name], /forbidden/i)
  })
}

async function expectRefused(kubectl: Kubectl, args: readonly string[], why: RegExp): Promise<void> {
  const { status, stderr } = await kubectl.run(args)
  expect(status, `kubectl ${args.join(' ')} must fail`).not.toBe(0)
  expect(stderr).toMatch(why)
}

/** The page follows the deletion; opened again afterwards, it finds no such space. */
async function waitUntilGone(page: Page, webUrl: string, name: string): Promise<void> {
  const { gone, unknown } = spacePage(page, webUrl, name)
  await expect(gone.or(unknown)).toBeVisible({ timeout: 120_000 })
}
