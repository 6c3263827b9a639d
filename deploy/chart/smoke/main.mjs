/**
 * The program of `helm test`: checks that Spaceport works, from a pod beside it without secrets. Each step is a line;
 * the exit status is 1 if one failed. Reads its settings from the given file.
 */
import { readFileSync } from 'node:fs'
import { refusesUnknownCredentials } from './gateway.mjs'
import { beginsSignIn, discover, findPortal, refusesStrangers, signInPage } from './portal.mjs'
import { untilReady } from './readiness.mjs'
import { spaceJob } from './space.mjs'
import { createSteps, LeftOut } from './steps.mjs'

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
  await step('The portal from outside', () => Promise.reject(new LeftOut(`${why}; its Service is asked instead`)))
await step(`The portal at ${base} shows its sign-in page, with its headers`, () => signInPage(base, portal))
await step('Without a session a page leads to sign-in, and a route refuses', () => refusesStrangers(base))
let document
await step(`The identity provider ${provider.issuer} is the configured one`, async () => {
  document = await discover(provider)
})
await step('Signing in leads to the identity provider, with PKCE', async () => {
  if (!document) throw new LeftOut('the provider didn’t say where')
  return beginsSignIn(base, { url: portal.url, provider, document })
})
await step(`The gateway is who ${gateway.url} is, and refuses who isn’t known`, () =>
  refusesUnknownCredentials(gateway),
)

if (!space) {
  await step('A space is made, becomes ready and is deleted', async () => {
    throw new LeftOut('set test.space.namespace to have this tried (docs/install.md, 6)')
  })
} else if (steps.failed > 0) {
  await step('A space is made, becomes ready and is deleted', async () => {
    throw new LeftOut('not tried, since a step before failed')
  })
} else {
  const job = spaceJob({ ...space, patienceMs }, stopping.signal)
  if (await step('A Space object is made', job.create)) {
    await step('Its space becomes ready', job.untilReady)
    if (await step('It is deleted', job.remove)) await step('The space is gone', job.untilGone)
  } else {
    // It may have been created anyway.
    await job.remove().catch(() => {})
  }
}
process.exit(steps.failed === 0 ? 0 : 1)
