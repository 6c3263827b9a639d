import { expect, test } from 'vitest'
import { texts } from './found-bindings.ts'

test('a rule has each entry once, however often its author repeated it', () => {
  // A Role of 4 KB with 200 of each would be eight million rights.
  expect(texts.parse(Array.from({ length: 200 }, (_, at) => (at % 2 ? 'get' : 'list')))).toEqual(['list', 'get'])
  expect(texts.parse(null)).toEqual([])
})
