import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { connectClusters } from '#lib/kube/client/cluster.ts'
import { assertFences } from './assert-fences.ts'

let fixture: BrokerFixture
const soon = (minutes: number) => fixture.system({ clock: () => new Date(Date.now() + minutes * 60_000) })
const cluster = () => fixture.services.clusters.get(fixture.services.clusters.defaultName)

beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture.close())

test('concurrent callers share one proof, and later ones reuse it for half a minute', async () => {
  let asked = 0
  const count = () => asked++
  subscribe('undici:request:create', count)
  try {
    await Promise.all(Array.from({ length: 20 }, () => assertFences(soon(1), cluster())))
    const forOne = asked
    expect(forOne).toBeGreaterThan(0)
    await assertFences(soon(1), cluster())
    expect(asked).toBe(forOne)
    await assertFences(soon(2), cluster())
    expect(asked, 'as many for twenty as for one').toBe(2 * forOne)
  } finally {
    unsubscribe('undici:request:create', count)
  }
})

test('a failed proof is reported to all who wait for it, and the next one proves again', async () => {
  // A client that is exempt from the fences can't prove them.
  const unfenced = connectClusters({ kubeconfig: inject('kubeAdmin'), clusters: [] })
  const broken = unfenced.get(unfenced.defaultName)
  const results = await Promise.allSettled([assertFences(soon(3), broken), assertFences(soon(3), broken)])
  for (const result of results) expect(result).toMatchObject({ reason: { code: 'fences_missing' } })
  await expect(assertFences(soon(3), broken)).rejects.toMatchObject({ code: 'fences_missing' })
  await unfenced.close()
})
