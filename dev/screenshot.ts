/**
 * `node dev/run.mjs dev/screenshot.ts`: retakes the README's pictures, docs/images/space.png and space-dark.png. They
 * show a space with workloads, in a Spaceport started for this.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, expect } from '@playwright/test'
import { findChromium } from '#dev/test/find-chromium.ts'
import { createKubectl } from '#dev/testing/kubectl.ts'
import { startPortalStack } from '#dev/testing/portal/portal-stack.ts'
import { deployment } from '#e2e/fixtures/deployment.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { signIn } from '#e2e/models/sign-in.ts'
import { spacePage } from '#e2e/models/space-page.ts'
import { projectRoot } from './project-root.ts'

const executablePath = await findChromium((line) => console.log(line))
const stack = await startPortalStack({ report: console.log, onCrash: console.error })
const dir = mkdtempSync(join(tmpdir(), 'spaceport-screenshot-'))
const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
try {
  const context = await browser.newContext({ viewport: { width: 1200, height: 820 }, deviceScaleFactor: 2 })
  const page = await context.newPage()
  await signIn(page, stack.webUrl, { username: 'alice', password: 'alice' })
  await newSpacePage(page).create(stack.webUrl, { name: 'checkout', description: 'Checkout of the web shop, staging' })
  const space = spacePage(page, stack.webUrl, 'checkout')
  await space.waitUntilReady()
  const kubeconfig = join(dir, 'kubeconfig.yaml')
  await space.downloadKubeconfig(kubeconfig)
  const kubectl = createKubectl({ program: stack.kubectl, kubeconfig })
  for (const [name, replicas] of [
    ['web', 3],
    ['payments', 2],
    ['mailer', 1],
  ] as const) {
    await kubectl.ok(['apply', '-f', '-'], { input: deployment(name, replicas) })
    await kubectl.ok(['rollout', 'status', `deployment/${name}`, '--timeout=60s'])
  }
  await space.open()
  await expect(page.getByRole('table', { name: 'Workloads' })).toContainText('3 of 3')
  for (const [colorScheme, file] of [
    ['light', 'space.png'],
    ['dark', 'space-dark.png'],
  ] as const) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: join(projectRoot, 'docs', 'images', file) })
  }
} finally {
  await browser.close()
  rmSync(dir, { recursive: true, force: true })
  await stack.stop()
}
