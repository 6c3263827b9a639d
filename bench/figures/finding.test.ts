import { expect, test } from 'vitest'
import { boundFinding, brokenFinding, differenceFinding, ratioFinding } from './finding.ts'

const measured = { row: '1', what: 'something', unit: 'ms', ours: [10, 30, 20], reference: [10, 20, 10] }

test('a ratio is the median of the rounds’ own ratios, and each side shows its spread', () => {
  expect(ratioFinding(measured, { max: 1.5 })).toMatchObject({
    ours: '20 ms (10–30)',
    reference: '10 ms (10–20)',
    figure: '1.50× (1–2)',
    holds: true,
  })
  expect(ratioFinding(measured, { max: 1.4 }).holds).toBe(false)
  expect(ratioFinding(measured, { min: 1.6 }).holds).toBe(false)
})

test('a difference is the median of the rounds’ own differences', () => {
  expect(differenceFinding(measured, 10)).toMatchObject({ figure: '+10 ms (0–10)', holds: true })
})

test('a figure without a bar is reported', () => {
  expect(ratioFinding(measured)).toMatchObject({ bar: '—', holds: undefined })
  expect(boundFinding(measured, undefined)).toMatchObject({ figure: '20 ms', holds: undefined })
})

test('a missing measurement fails, with and without a bar', () => {
  expect(ratioFinding({ ...measured, reference: [] }, { max: 100 }).holds).toBe(false)
  expect(ratioFinding({ ...measured, reference: [] }).holds).toBe(false)
  expect(boundFinding({ ...measured, ours: [Number.NaN] }, undefined).holds).toBe(false)
  expect(brokenFinding('1', new Error('nginx is missing\nmore')).holds).toBe(false)
})
