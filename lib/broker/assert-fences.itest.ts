import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/broker-fixture.ts'
import { uniqueName } from '#dev/testing/unique-name.ts'
import { assertFences } from './assert-fences.ts'
import { createSpace } from './create-space.ts'

let fixture: BrokerFixture
let namespace: string
const soon = (minutes: number) => fixture.system({ clock: () => new Date(Date.now() + minutes * 60_000) })
const cluster = () => fixture.services.clusters.get(fixture.services.clusters.defaultName)

beforeAll(async () => {
  fixture = await openBrokerFixture()
  namespace = uniqueName('fenced')
  const wish = { name: namespace, description: '', size: 'S' as const, endsAt: null }
  await createSpace(fixture.as(await fixture.person('fenced')), wish)
})
afterAll(() => fixture.close())

test('many who need a proof at once share one, and those after them have it for half a minute', async () => {
  let asked = 0
  const count = () => asked++
  subscribe('undici:request:create', count)
  try {
    await Promise.all(Array.from({ length: 20 }, () => assertFences(soon(1), cluster(), namespace)))
    const forOne = asked
    expect(forOne).toBeGreaterThan(0)
    await assertFences(soon(1), cluster(), namespace)
    expect(asked).toBe(forOne)
    await assertFences(soon(2), cluster(), namespace)
    expect(asked, 'as many for twenty as for one').toBe(2 * forOne)
  } finally {
    unsubscribe('undici:request:create', count)
  }
})

test('who waits for a proof that comes to nothing proves it for the own space', async () => {
  const [gone, living] = await Promise.allSettled([
    assertFences(soon(3), cluster(), uniqueName('never')),
    assertFences(soon(3), cluster(), namespace),
  ])
  expect(gone).toMatchObject({ status: 'rejected', reason: { code: 'namespace_gone' } })
  expect(living).toMatchObject({ status: 'fulfilled' })
})
