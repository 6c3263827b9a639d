import { expect, test } from 'vitest'
import { beforeParam, oneOfParam, pageParam, textParam } from './search-params.ts'

test('a parameter that comes twice counts once, and a blank one not at all', () => {
  expect(textParam({ space: ['one', 'two'] }, 'space')).toBe('one')
  expect(textParam({ space: '  ' }, 'space')).toBeUndefined()
  expect(textParam({ space: ' a\0b ' }, 'space')).toBe('ab')
  expect(textParam({}, 'space')).toBeUndefined()
})

test('only what is offered counts as a choice', () => {
  expect(oneOfParam({ role: 'viewer' }, 'role', ['viewer', 'editor'])).toBe('viewer')
  expect(oneOfParam({ role: 'king' }, 'role', ['viewer', 'editor'])).toBeUndefined()
})

test.each([
  ['2', 2],
  ['1000', 1000],
  ['1001', 1],
  ['-3', 1],
  ['1.5', 1],
  ['x', 1],
  [undefined, 1],
])('page %s is page %i', (page, number) => {
  expect(pageParam({ page })).toBe(number)
})

test('a page of the trail starts after a number, or at the newest', () => {
  expect(beforeParam({ before: '12' })).toBe('12')
  expect(beforeParam({ before: '12; drop' })).toBeUndefined()
})
