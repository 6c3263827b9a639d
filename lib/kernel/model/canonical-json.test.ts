import { expect, test } from 'vitest'
import { canonicalJson } from './canonical-json.ts'

test('the order and nesting of keys don’t change the text', () => {
  const one = { b: [1, { d: null, c: 'é"' }], a: true }
  const other = { a: true, b: [1, { c: 'é"', d: null }] }
  expect(canonicalJson(one)).toBe('{"a":true,"b":[1,{"c":"é\\"","d":null}]}')
  expect(canonicalJson(other)).toBe(canonicalJson(one))
})

test('the order of a list does', () => {
  expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]))
})
