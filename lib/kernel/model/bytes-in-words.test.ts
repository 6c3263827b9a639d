import { expect, test } from 'vitest'
import { bytesInWords } from './bytes-in-words.ts'

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_000, '1 kB'],
  [1_540, '1.5 kB'],
  [15_400, '15 kB'],
  [999_600, '1 MB'],
  [123_456_789, '123 MB'],
  [1_000_000_000, '1 GB'],
  [4_000_000_000_000, '4000 GB'],
])('%i bytes are %s', (bytes, words) => {
  expect(bytesInWords(bytes)).toBe(words)
})
