import { expect, test } from 'vitest'
import { isPlainText } from './plain-text.ts'

test('text that looks different from its content isn’t plain text', () => {
  for (const code of [0, 7, 8, 0x0b, 0x1b, 0x7f, 0x85, 0x9b, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069])
    expect(isPlainText(`a${String.fromCharCode(code)}b`), code.toString(16)).toBe(false)
  // Half of a surrogate pair: Postgres stores another character, or refuses it.
  expect(isPlainText('\ud83d')).toBe(false)
})

test('text in any language is plain text', () => {
  for (const text of ['Zoë’s team', 'line one\r\n\tline two', 'שלום\u200f!', '日本語', '👩‍🚀', ''])
    expect(isPlainText(text), text).toBe(true)
})
