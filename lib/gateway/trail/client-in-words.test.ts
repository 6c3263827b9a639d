import { expect, test } from 'vitest'
import { clientInWords } from './client-in-words.ts'

test.each([
  ['kubectl/v1.36.0 (linux/amd64) kubernetes/1e1a2b3', 'kubectl 1.36, linux'],
  ['kubectl.exe/v1.36.1 (windows/amd64) kubernetes/1e1a2b3', 'kubectl 1.36, windows'],
  ['kubectl/v1.36.0-alpha.1 (darwin/arm64) kubernetes/$Format', 'kubectl 1.36, darwin'],
  ['Helm/3.19.0', 'Helm 3.19'],
  ['k9s/v0.0.0 (darwin/arm64) kubernetes/$Format', 'k9s 0.0, darwin'],
  ['node-fetch', 'node-fetch'],
  ['node-fetch/2', 'node-fetch 2'],
  ['OpenAPI-Generator/34.1.0/python', 'OpenAPI-Generator 34.1'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', 'Mozilla 5.0'],
])('%s reads %s', (header, words) => {
  expect(clientInWords(header)).toBe(words)
})

test('an invalid client name is dropped', () => {
  for (const header of [
    undefined,
    '',
    '<script>alert(1)</script>/1.0',
    '\u202eltcebuk/1.0',
    'kubectl\u0000/1.0',
    'kub\u0007ectl/1.0',
    '1.0',
    `${'a'.repeat(33)}/1.0`,
  ])
    expect(clientInWords(header), header).toBeNull()
})

test('the result is short and plain for any header', () => {
  for (const header of [
    `kubectl/${'9'.repeat(10_000)}`,
    `${'k'.repeat(32)}/9999.9999 (${'x'.repeat(16)}/${'y'.repeat(16)})`,
    `kubectl/v1.36 (${'x'.repeat(10_000)}/amd64)`,
    'kubectl/1.36 (<b>/amd64) \u202e',
    'a'.repeat(32),
  ]) {
    const words = clientInWords(header) ?? ''
    expect(words).toMatch(/^[\w.-]+( [\d.]+)?(, [a-z]+)?$/)
    expect(words.length).toBeLessThanOrEqual(64)
  }
})
