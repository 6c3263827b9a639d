import { expect, test } from 'vitest'
import { brokenFinding, differenceFinding, ratioFinding } from './finding.ts'

const measured = { row: '1', what: 'something', unit: 'ms', ours: [10, 30, 20], reference: [10, 20, 10] }

test('a ratio is the median of the rounds’ own ratios', () => {
  expect(ratioFinding(measured, { most: 1.5 })).toMatchObject({ figure: '1.50× (1.00–2.00)', holds: true })
  expect(ratioFinding(measured, { most: 1.4 }).holds).toBe(false)
  expect(ratioFinding(measured, { least: 1.6 }).holds).toBe(false)
})

test('a difference is the median of the rounds’ own differences', () => {
  expect(differenceFinding(measured, 10)).toMatchObject({ figure: '+10.0 ms (0.00–10.0)', holds: true })
})

test('a reference that was not measured fails the row', () => {
  expect(ratioFinding({ ...measured, reference: [] }, { most: 100 }).holds).toBe(false)
  expect(brokenFinding('1', new Error('nginx is missing\nmore')).holds).toBe(false)
})
