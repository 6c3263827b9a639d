import { expect, test } from 'vitest'
import { isTokenId } from './token-id.ts'

test.each(['', ' ', 'a b', 'a\n', 'ä', 'a\u202e', 'x'.repeat(256), 7, null, undefined, ['a'], {}])(
  '%j says who nobody is',
  (value) => expect(isTokenId(value)).toBe(false),
)
