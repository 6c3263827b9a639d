import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { saveReady } from './save-observed.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture.close())

/** A space that was created twenty seconds ago and isn’t ready. */
async function addSpace(observedGeneration: number): Promise<string> {
  const { id: clusterId } = await fixture.services.db.cluster.findFirstOrThrow({ where: { name: 'default' } })
  const { userId: ownerId } = await fixture.person('owner')
  const [id, name] = [randomUUID(), uniqueName('observed')]
  await fixture.services.db.space.create({
    data: {
      ...{ id, clusterId, name, namespace: name, creation: randomUUID(), size: 'S', ownerId, observedGeneration },
      createdAt: new Date(Date.now() - 20_000),
    },
  })
  return id
}
const save = (id: string) =>
  saveReady(fixture.services.db, id, { generation: 1, namespaceUid: randomUUID(), steps: [], at: new Date() })

test('a space’s creation is counted once, with the time since it was requested', async () => {
  const id = await addSpace(0)
  const seconds = await save(id)
  expect(seconds).toBeGreaterThanOrEqual(20)
  expect(seconds).toBeLessThan(120)
  expect(await save(id)).toBeNull()
})

test('a space restored onto a fresh cluster doesn’t count as created again', async () => {
  expect(await save(await addSpace(3))).toBeNull()
})

test('a space that is being deleted isn’t ready, and isn’t counted', async () => {
  const id = await addSpace(0)
  await fixture.services.db.space.update({ where: { id }, data: { status: 'deleting' } })
  expect(await save(id)).toBeNull()
})
