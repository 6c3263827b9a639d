import { expect, test } from 'vitest'
import { fenceStateOf } from './fence-state.ts'

const now = new Date('2026-05-01T12:00:00Z')
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000)

test('policies are in force while a proof is fresh and no fault is known', () => {
  expect(fenceStateOf({ faults: 0, provedAt: ago(5) }, now)).toBe('ok')
  expect(fenceStateOf({ faults: 0, provedAt: ago(5.1) }, now)).toBe('late')
  expect(fenceStateOf({ faults: 0, provedAt: null }, now)).toBe('unproved')
})

test('a fault counts, however fresh the last proof is', () => {
  for (const provedAt of [ago(0), ago(60), null]) expect(fenceStateOf({ faults: 1, provedAt }, now)).toBe('faulty')
})
