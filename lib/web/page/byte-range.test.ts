import { expect, test } from 'vitest'
import { parseByteRange, settleByteRange } from './byte-range.ts'

const settle = (header: string, size = 100) => {
  const range = parseByteRange(header)
  return range && settleByteRange(range, size)
}

test.each([
  ['bytes=0-', { from: 0, until: 100 }],
  ['bytes=40-', { from: 40, until: 100 }],
  ['bytes=40-49', { from: 40, until: 50 }],
  ['bytes=99-99', { from: 99, until: 100 }],
  ['bytes=90-1000', { from: 90, until: 100 }],
  ['bytes=-10', { from: 90, until: 100 }],
  ['bytes=-1000', { from: 0, until: 100 }],
  ['Bytes=1-2', { from: 1, until: 3 }],
])('%s of a hundred bytes', (header, piece) => {
  expect(settle(header)).toEqual(piece)
})

test.each(['bytes=100-', 'bytes=200-300', 'bytes=-0'])('%s of a hundred bytes can’t be satisfied', (header) => {
  expect(parseByteRange(header)).not.toBeNull()
  expect(settle(header)).toBeNull()
})

test.each([
  '',
  'bytes=',
  'bytes=-',
  'bytes=5-4',
  'bytes=0-1,5-6',
  'items=0-1',
  'bytes=a-b',
  'bytes=1e3-',
  `bytes=${'9'.repeat(16)}-`,
])('an invalid or multiple range is ignored: %j', (header) => {
  expect(parseByteRange(header)).toBeNull()
})

test('a missing header is no range', () => {
  expect(parseByteRange(null)).toBeNull()
})
