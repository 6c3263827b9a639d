import { expect, test } from 'vitest'
import { parseOptions, rowNames } from './parse-options.ts'

test('all rows are measured unless some are named', () => {
  expect(parseOptions([])).toEqual({ rows: new Set(rowNames), json: undefined, trailRows: 1_000_000 })
  expect(parseOptions(['--only', '2, 7', '--json', 'x.json', '--trail-rows', '10'])).toEqual({
    rows: new Set(['2', '7']),
    json: 'x.json',
    trailRows: 10,
  })
})

test('an unknown row is refused rather than left out', () => {
  expect(() => parseOptions(['--only', '13'])).toThrow('There is no row 13')
})

test.each(['many', '0', '1.5'])('a trail of %s rows is refused', (rows) => {
  expect(() => parseOptions(['--trail-rows', rows])).toThrow('--trail-rows takes a whole number, 2 or more.')
})
