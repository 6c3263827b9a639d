import { expect, test } from 'vitest'
import { createAccessChanges } from './access-changes.ts'

function open() {
  const state = { at: 0, asked: [] as (string | null)[], away: false }
  const changes = createAccessChanges({
    read: async (since) => {
      state.asked.push(since)
      if (state.away) throw new Error('away')
      return { snapshot: `s${state.asked.length}`, subjects: ['space:1'] }
    },
    monotonic: () => state.at,
  })
  return { state, changes }
}

test('each call asks for changes since the previous one', async () => {
  const { state, changes } = open()
  expect(await changes()).toBe('all')
  expect(await changes()).toEqual(['space:1'])
  expect(await changes()).toEqual(['space:1'])
  expect(state.asked).toEqual([null, 's1', 's2'])
})

test('after a failure, and every half minute, everything counts as changed', async () => {
  const { state, changes } = open()
  await changes()
  state.away = true
  await expect(changes()).rejects.toThrow('away')
  state.away = false
  expect(await changes()).toBe('all')
  state.at += 29_000
  expect(await changes()).toEqual(['space:1'])
  state.at += 1_000
  expect(await changes()).toBe('all')
  expect(await changes()).toEqual(['space:1'])
})
