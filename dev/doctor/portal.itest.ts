import { expect, onTestFinished, test, vi } from 'vitest'
import { openWebFixture } from '#dev/testing/fixtures/web-fixture.ts'
import { runCheck } from './check.ts'
import { portal } from './portal.ts'

test('a portal that takes traffic is judged by its readiness and headers; what it misses is said in its words', async () => {
  const web = await openWebFixture()
  onTestFinished(() => web.close())
  // A check gives up after some seconds, and this portal has just started.
  const findings = await vi.waitFor(
    async () => {
      const found = (await Promise.all(portal(web.url, web.adminUrl).checks.map(runCheck))).flat()
      expect(found.filter(({ mark }) => mark === 'bad')).toEqual([])
      return found
    },
    { timeout: 60_000, interval: 500 },
  )
  const said = findings.map(({ what }) => what)
  expect(said).toContain('The portal answers /api/healthz')
  expect(said).toContain('The portal sends its security headers')
  expect(said).toContain('The clock of the portal agrees with this machine’s')
  // Nobody is there at the issuer of these tests.
  expect(said).toContainEqual(expect.stringMatching(/^The portal says of identity provider: /))
  const bare = (await Promise.all(portal(web.url).checks.map(runCheck))).flat().map(({ what }) => what)
  expect(bare).toContain('The portal is ready')
  expect(bare).toContainEqual(expect.stringContaining('give --readiness URL'))
}, 300_000)
