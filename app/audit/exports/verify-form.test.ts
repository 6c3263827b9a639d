import { expect, test } from 'vitest'
import { verifyTrailForm } from './verify-form.ts'

test('days count in full, and an empty day sets no limit', () => {
  expect(verifyTrailForm.parse({ from: '2026-11-01', to: '2026-11-02' })).toEqual({
    fromAt: new Date('2026-11-01T00:00:00Z'),
    toAt: new Date('2026-11-03T00:00:00Z'),
  })
  expect(verifyTrailForm.parse({ from: '', to: '' })).toEqual({ fromAt: null, toAt: null })
})

test.each([{ from: 'yesterday' }, { to: '2026-02-30' }, { from: '2026-11-01T10:00' }, { block: '1' }])(
  '%j is refused',
  (given) => {
    expect(verifyTrailForm.safeParse({ from: '', to: '', ...given }).success).toBe(false)
  },
)
