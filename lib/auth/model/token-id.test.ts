import { expect, test } from 'vitest'
import { isTokenId } from './token-id.ts'

test.each(['', ' ', 'a b', 'a\n', 'ä', 'a\u202e', 'x'.repeat(256), 7, null, undefined, ['a'], {}])(
  '%j can’t identify a person',
  (value) => expect(isTokenId(value)).toBe(false),
)
