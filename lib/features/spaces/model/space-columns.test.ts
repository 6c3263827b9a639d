import { expect, test } from 'vitest'
import { parseColumns, spaceColumns, writeColumns } from './space-columns.ts'

test.each([[[]], [['ends'] as const], [spaceColumns]])('a choice is read as it was written: %s', (columns) => {
  expect(parseColumns(writeColumns(columns))).toEqual(columns)
})

test('without a choice there are the usual columns', () => {
  expect(parseColumns(undefined)).toContain('owner')
  expect(parseColumns(undefined)).not.toContain('used')
})

test('what names no column, or one twice, adds none', () => {
  expect(parseColumns('name.ends.ends."><script>.constructor.__proto__')).toEqual(['ends'])
  expect(parseColumns('')).toEqual([])
})

test('columns keep their order', () => {
  expect(parseColumns('ends.size.status')).toEqual(['status', 'size', 'ends'])
})
