import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openClusterFixture } from '#dev/testing/fixtures/cluster-fixture.ts'
import { listPods } from '#lib/kube/inside/list-pods.ts'
import { listAll, listUpTo } from './list-all.ts'
import { collectionPath } from './object-path.ts'
import { request } from './request.ts'

const fixture = openClusterFixture()
const { broker, admin } = fixture
afterAll(() => fixture.close())

/** Together larger than the limit for one answer. */
const count = 10
const megabyte = 'x'.repeat(1_000_000)
let space: Awaited<ReturnType<typeof fixture.makeSpace>>
let path: string

beforeAll(async () => {
  space = await fixture.makeSpace()
  path = collectionPath('v1', 'pods', space.namespace)
  const resources = { requests: { cpu: '1m', memory: '1Mi' }, limits: { cpu: '1m', memory: '1Mi' } }
  const container = {
    name: 'main',
    image: 'registry.example/app',
    env: [{ name: 'FILLER', value: megabyte }],
    resources,
  }
  for (let n = 0; n < count; n++) {
    const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name: `large-${n}` }, spec: { containers: [container] } }
    await request(admin, { method: 'POST', path, body }, z.unknown())
  }
}, 120_000)

test('an answer that members made too large is not read, and is an expected failure', async () => {
  const asked = request(broker, { method: 'GET', path, as: space.owner }, z.unknown())
  await expect(asked).rejects.toMatchObject({
    code: 'cluster_failed',
    message: expect.stringContaining('answered more than 8388608 bytes'),
  })
})

test('a space with large objects is read a few at a time', async () => {
  const { items, more } = await listPods(broker, space.owner, space.namespace, new Date())
  expect(more).toBe(false)
  expect(items.map(({ name }) => name)).toEqual(Array.from({ length: count }, (_, n) => `large-${n}`))
})

test('a list stops at its memory limit, and says that there is more', async () => {
  const asked = { path, as: space.owner, max: 1_000 }
  const some = await listUpTo(broker, { ...asked, maxLength: 3_000_000 }, z.unknown())
  expect(some.more).toBe(true)
  expect(some.items.length).toBeLessThan(count)
  expect(await listUpTo(broker, { ...asked, maxLength: 100_000_000 }, z.unknown())).toMatchObject({ more: false })
  expect(await listUpTo(broker, { ...asked, max: count, maxLength: 100_000_000 }, z.unknown())).toMatchObject({
    more: false,
  })
  expect((await listUpTo(broker, { ...asked, max: count - 1, maxLength: 100_000_000 }, z.unknown())).more).toBe(true)
  expect(await listAll(broker, { ...asked, max: 3 }, z.unknown())).toHaveLength(3)
})
