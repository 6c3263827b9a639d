import { expect, test } from 'vitest'
import { sourceKey } from '#lib/kernel/model/people/source-key.ts'
import { createAccessCache } from './access-cache.ts'
import { accessRow, accessSpan } from './access-fixture.ts'

const row = accessRow({ spans: [accessSpan()] })

function setup() {
  const state = { now: 0, reads: 0, rows: [row], gate: Promise.resolve() }
  const cache = createAccessCache(
    async () => {
      state.reads++
      const { rows } = state
      await state.gate
      return rows
    },
    () => state.now,
  )
  return { state, cache }
}

test('access is cached for three seconds, and its absence for one', async () => {
  const { state, cache } = setup()
  await cache.read('h')
  state.now = 2_999
  await cache.read('h')
  expect(state.reads).toBe(1)
  state.now = 3_000
  expect(cache.peek('h')).toBeNull()
  state.rows = []
  expect(await cache.read('x')).toBeUndefined()
  state.now = 3_999
  expect(cache.peek('x')).toBeUndefined()
  state.now = 4_000
  expect(cache.peek('x')).toBeNull()
})

test.each(['credential:c', 'user:u', 'space:s', 'what:ever'])(
  'the notification %s drops the affected entries',
  async (notice) => {
    const { cache } = setup()
    await cache.read('h')
    cache.notice(notice)
    expect(cache.peek('h')).toBeNull()
  },
)

test('a notification about others drops nothing, but shows that more may have been granted', async () => {
  const { cache } = setup()
  await cache.read('h')
  expect(cache.outdated('h')).toBe(false)
  cache.notice('space:other')
  expect(cache.peek('h')).toMatchObject({ credential: { id: 'c' } })
  expect(cache.outdated('h')).toBe(true)
})

test('an answer overtaken by a notification is neither cached nor given to later requests', async () => {
  const { state, cache } = setup()
  const gate = Promise.withResolvers<void>()
  state.gate = gate.promise
  const before = cache.read('h')
  cache.notice('credential:c')
  state.rows = []
  const after = cache.read('h')
  gate.resolve()
  expect(await before).toMatchObject({ credential: { id: 'c' } })
  expect(await after).toBeUndefined()
  expect(state.reads).toBe(2)
  expect(cache.peek('h')).toBeUndefined()
})

test('concurrent look-ups share one read', async () => {
  const { state, cache } = setup()
  await Promise.all([cache.read('h'), cache.read('h'), cache.read('h')])
  expect(state.reads).toBe(1)
})

test('parties are identified by IPv4 address, or by the first 64 bits of the IPv6 address', () => {
  expect(sourceKey('192.0.2.1')).toBe('192.0.2.1')
  expect(sourceKey('::ffff:192.0.2.1')).toBe('192.0.2.1')
  expect(sourceKey('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
  expect(sourceKey('2001:db8:1:2::9')).toBe('2001:db8:1:2::/64')
  expect(sourceKey('::1')).toBe('0:0:0:0::/64')
})
