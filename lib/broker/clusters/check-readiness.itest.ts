import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrokerFixture } from '#dev/testing/broker-fixture.ts'
import { checkReadiness } from './check-readiness.ts'

let fixture: Awaited<ReturnType<typeof openBrokerFixture>>
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture.close())

test('a fault of the identity provider is reported, and takes no process out of rotation', async () => {
  const { ready, parts } = await checkReadiness(fixture.services, {
    'identity provider': async () => 'its issuer differs from OIDC_ISSUER',
    another: () => Promise.reject(new Error('away')),
  })
  expect(ready).toBe(true)
  expect(parts).toMatchObject({
    database: 'ok',
    'identity provider': 'its issuer differs from OIDC_ISSUER',
    another: 'does not answer',
  })
})
