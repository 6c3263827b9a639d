import { expect, test } from 'vitest'
import { parseTheme } from './theme.ts'

test('a cookie selects one of the themes, or none', () => {
  expect(parseTheme('dark')).toBe('dark')
  expect(parseTheme('light')).toBe('light')
  for (const text of [undefined, '', 'system', 'Dark', 'dark"><script>', 'constructor'])
    expect(parseTheme(text), text).toBe('system')
})
