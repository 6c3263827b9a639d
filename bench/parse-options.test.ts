import { expect, test } from 'vitest'
import { parseOptions, rowNames } from './parse-options.ts'

test('all rows are measured unless some are named', () => {
  expect(parseOptions([])).toEqual({ rows: new Set(rowNames), json: undefined })
  expect(parseOptions(['--only', '2, 7', '--json', 'x.json'])).toEqual({ rows: new Set(['2', '7']), json: 'x.json' })
})

test('a row that does not exist is refused rather than left out', () => {
  expect(() => parseOptions(['--only', '13'])).toThrow('There is no row 13')
})
