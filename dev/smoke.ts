/**
 * `npm run smoke`: the main job, from outside and headless: sign in, create a space, use it with kubectl, be refused
 * elsewhere, delete it. Prints each step with its time; the exit status says whether everything passed.
 *
 * By default it starts everything on free ports in a temporary folder. Environment variables change that:
 *
 * SPACEPORT_SMOKE_URL          a running portal; nothing is started
 * SPACEPORT_SMOKE_USER         who signs in (default alice)
 * SPACEPORT_SMOKE_PASSWORD     (default: the user's name)
 * SPACEPORT_SMOKE_KUBECTL      the kubectl to use (default: the one of the local control plane, or kubectl in PATH); with
 *                              several, separated as in PATH, each does the whole job
 * SPACEPORT_SMOKE_KUBECONFIG   another cluster's kubeconfig: Spaceport is installed there; with a running portal it is
 *                              only used to check that the namespace is gone
 * SPACEPORT_SMOKE_CONTEXT      its context (default: the current one)
 * SPACEPORT_SMOKE_IMAGES       an OCI image layout by `npm run image`, from which web, gateway and worker run
 * SPACEPORT_SMOKE_WEB_PORT     the port of the started portal, for identity providers that have its URL
 * OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET   another identity provider. Its form must have fields for the user's
 *                              name or email and the password; redirect URI {portal}/api/auth/callback/oidc
 * SPACEPORT_CHROMIUM           the browser
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTarget } from '#dev/smoke/open-target.ts'
import { runMainJob } from '#dev/smoke/run-main-job.ts'
import { createSteps } from '#dev/smoke/steps.ts'
import { findChromium } from '#dev/test/find-chromium.ts'

const started = performance.now()
const dir = mkdtempSync(join(tmpdir(), 'spaceport-smoke-'))
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort())

const step = createSteps((line) => console.log(line), interrupted.signal)
let failure: unknown
try {
  const chromium = await findChromium((line) => console.log(line))
  const target = await step('Spaceport answers', () =>
    openTarget({ dir, env: process.env, signal: interrupted.signal }),
  )
  try {
    for (const kubectl of target.kubectls) {
      if (target.kubectls.length > 1) console.log(`with ${kubectl}`)
      await runMainJob({ step, target, kubectl, chromium, dir })
    }
  } finally {
    await target.stop()
  }
} catch (error) {
  failure = error
} finally {
  rmSync(dir, { recursive: true, force: true })
}

const seconds = ((performance.now() - started) / 1000).toFixed(1)
if (failure === undefined) console.log(`\nEverything passed, in ${seconds} s.`)
else {
  console.error(`\n${failure instanceof Error ? failure.message : String(failure)}\n\nFailed after ${seconds} s.`)
}
// Ends what the browser and the watchers still have open.
process.exit(failure === undefined ? 0 : 1)
