import { expect, onTestFinished, test, vi } from 'vitest'
import { openWebFixture } from '#dev/testing/fixtures/web-fixture.ts'
import { runCheck } from './check.ts'
import { portal } from './portal.ts'

test('a portal that serves traffic is checked by its readiness and headers; missing parts are named in its own words', async () => {
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
  // These tests have no server at the issuer.
  expect(said).toContainEqual(expect.stringMatching(/^The portal reports for identity provider: /))
  const bare = (await Promise.all(portal(web.url).checks.map(runCheck))).flat().map(({ what }) => what)
  expect(bare).toContain('The portal is ready')
  expect(bare).toContainEqual(expect.stringContaining('give --readiness URL'))
}, 300_000)
