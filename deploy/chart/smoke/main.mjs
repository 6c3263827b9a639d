/**
 * The program of `helm test`: checks that Spaceport works, from a pod beside it without secrets. Each step is a line;
 * the exit status is 1 if one failed. Reads its settings from the given file.
 */
import { readFileSync } from 'node:fs'
import { refusesUnknownCredentials } from './gateway.mjs'
import { discover, findPortal, requiresSession, signInPage, startsSignIn } from './portal.mjs'
import { untilReady } from './readiness.mjs'
import { spaceJob } from './space.mjs'
import { createSteps, SkippedStep } from './steps.mjs'

const { ready, patienceMs, portal, provider, gateway, space } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const stopping = new AbortController()
process.on('SIGTERM', () => stopping.abort())
const steps = createSteps((line) => console.log(line))
const { step } = steps

await Promise.all(
  Object.entries(ready).map(([name, url]) => step(`${name} is ready`, () => untilReady(url, patienceMs))),
)

const { base, why } = await findPortal(portal)
if (why)
  await step('The portal from outside', () => Promise.reject(new SkippedStep(`${why}; its Service is tested instead`)))
await step(`The portal at ${base} shows its sign-in page, with its headers`, () => signInPage(base, portal))
await step('Without a session, pages redirect to sign-in and routes refuse', () => requiresSession(base))
let document
await step(`The identity provider ${provider.issuer} is the configured one`, async () => {
  document = await discover(provider)
})
await step('Signing in leads to the identity provider, with PKCE', async () => {
  if (!document) throw new SkippedStep('the provider’s discovery document is missing')
  return startsSignIn(base, { url: portal.url, provider, document })
})
await step(`The gateway has the certificate of ${gateway.url}, and refuses unknown credentials`, () =>
  refusesUnknownCredentials(gateway),
)

if (!space) {
  await step('A space is created, becomes ready and is deleted', async () => {
    throw new SkippedStep('set test.space.namespace to run this step (docs/install.md, 6)')
  })
} else if (steps.failed > 0) {
  await step('A space is created, becomes ready and is deleted', async () => {
    throw new SkippedStep('skipped, because an earlier step failed')
  })
} else {
  const job = spaceJob({ ...space, patienceMs }, stopping.signal)
  if (await step('A Space object is created', job.create)) {
    await step('Its space becomes ready', job.untilReady)
    if (await step('It is deleted', job.remove)) await step('The space is gone', job.untilGone)
  } else {
    // It may have been created anyway.
    await job.remove().catch(() => {})
  }
}
process.exit(steps.failed === 0 ? 0 : 1)
