import { expect, test } from 'vitest'
import { parseDensity } from './density.ts'

test('a cookie makes rows compact, or changes nothing', () => {
  expect(parseDensity('compact')).toBe('compact')
  for (const text of [undefined, '', 'comfortable', 'Compact', 'compact"><script>'])
    expect(parseDensity(text), text).toBe('comfortable')
})
