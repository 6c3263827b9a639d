import { expect, test } from 'vitest'
import { isEscalation } from './escalation.ts'

const day = (count: number) => new Date(Date.UTC(2026, 0, count))

test.each([
  ['nothing held', [], 'viewer', null, true],
  ['the same, without an end', [{ standing: 'admin', endsAt: null }], 'admin', null, false],
  ['less, open', [{ standing: 'admin', endsAt: null }], 'viewer', null, false],
  ['more', [{ standing: 'editor', endsAt: null }], 'admin', day(1), true],
  ['the same for longer', [{ standing: 'admin', endsAt: day(2) }], 'admin', day(3), true],
  ['the same without end', [{ standing: 'admin', endsAt: day(2) }], 'viewer', null, true],
  ['the same for as long', [{ standing: 'admin', endsAt: day(2) }], 'admin', day(2), false],
  ['shorter', [{ standing: 'admin', endsAt: day(2) }], 'editor', day(1), false],
  ['an owner', [{ standing: 'owner', endsAt: null }], 'admin', null, false],
] as const)('%s', (_name, held, role, endsAt, gain) => {
  expect(isEscalation(held, role, endsAt)).toBe(gain)
})
