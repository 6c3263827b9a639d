import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { connectClusters } from '#lib/kube/client/cluster.ts'
import { checkReadiness } from './check-readiness.ts'

let fixture: Awaited<ReturnType<typeof openBrokerFixture>>
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture.close())

test('a fault of the identity provider is reported, and keeps all processes in rotation', async () => {
  const others = {
    'identity provider': async () => 'its issuer differs from OIDC_ISSUER',
    another: () => Promise.reject(new Error('away')),
  }
  await expect
    .poll(() => checkReadiness(fixture.services, others))
    .toMatchObject({
      ready: true,
      parts: { database: 'ok', 'identity provider': 'its issuer differs from OIDC_ISSUER', another: 'does not answer' },
    })
})

test('an unreachable cluster is reported, and keeps all processes in rotation', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-away-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const kubeconfig = join(dir, 'kubeconfig')
  // Nothing listens on port 1.
  writeFileSync(kubeconfig, readFileSync(inject('kubeBroker'), 'utf8').replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1'))
  const clusters = connectClusters({ kubeconfig, clusters: [] })
  onTestFinished(() => clusters.close())
  await expect
    .poll(() => checkReadiness({ ...fixture.services, clusters }))
    .toMatchObject({ ready: true, parts: { database: 'ok', 'cluster/default': 'does not answer' } })
})
