import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import type { Reach } from '#lib/kernel/model/access/reach.ts'
import { repairDrift } from '#lib/kernel/reconcile/repair-drift.ts'
import { findNamespace } from '#lib/kube/objects/find-namespace.ts'
import { listManaged } from '#lib/kube/objects/list-managed.ts'
import { createSpace } from './create-space.ts'
import { readSpace } from './read-space.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture.close())

async function reachOnCluster(name: string) {
  const cluster = fixture.services.clusters.get('default')
  const [namespace, objects] = await Promise.all([findNamespace(cluster, name), listManaged(cluster, name)])
  const isolation = objects.find(({ kind }) => kind === 'NetworkPolicy')
  return {
    isolation: JSON.stringify(isolation?.spec),
    suffixes: namespace?.annotations['spaceport.dev/ingress-suffixes'],
    platform: namespace?.annotations['spaceport.dev/platform-namespaces'],
  }
}

test('the operator’s denials apply to new spaces at once, and changes to them at the next check', async () => {
  const policyWith = (reach: Reach) => ({ policy: { ...fixture.services.policy, reach } })
  const first = policyWith({
    deniedCidrs: ['10.0.0.0/8'],
    dnsPeers: [{ address: '169.254.20.10' }],
    ingressSuffixes: ['apps.example.com'],
    platformNamespaces: ['billing', 'infra-*'],
  })
  const name = uniqueName('reach')
  const ctx = fixture.as(await fixture.person('reacher'), first)
  await createSpace(ctx, { name, description: '', size: 'S', endsAt: null })
  const { id, status } = await readSpace(ctx, { name })
  expect(status).toBe('ready')
  expect(await reachOnCluster(name)).toEqual({
    isolation: expect.stringContaining('"10.0.0.0/8"'),
    suffixes: 'apps.example.com',
    platform: 'billing,infra-*',
  })
  expect(await repairDrift(fixture.system(first), id)).toEqual([])

  const then = fixture.system(
    policyWith({ deniedCidrs: ['fd12::/16'], dnsPeers: [], ingressSuffixes: [], platformNamespaces: [] }),
  )
  expect(await repairDrift(then, id)).toEqual([`Namespace/${name}`, 'NetworkPolicy/spaceport-isolation'])
  const after = await reachOnCluster(name)
  expect(after).toEqual({ isolation: expect.stringContaining('"fd12::/16"'), suffixes: '', platform: '' })
  expect(after.isolation).not.toContain('10.0.0.0/8')
  expect(after.isolation).not.toContain('169.254.20.10')
  expect(await repairDrift(then, id)).toEqual([])
})
