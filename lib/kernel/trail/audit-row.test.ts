import { expect, test } from 'vitest'
import { auditColumns, auditTypes, auditValues, cleanText } from './audit-row.ts'

test.each([
  ['a\nforged line', 'a�forged line'],
  ['tab\tnul\u0000esc\u001b[31m', 'tab�nul�esc�[31m'],
  ['\u202eright to left', '�right to left'],
  [`token spt_${'a'.repeat(43)} end`, 'token [removed] end'],
  ['Authorization: Bearer abc.def', 'Authorization: [removed]'],
  ['half \ud83d of a pair', 'half � of a pair'],
  [`${'x'.repeat(999)}😀`, `${'x'.repeat(999)}�`],
  [`eyJhbGciOiJSUzI1NiJ9.${'x'.repeat(20)}.sig`, '[removed]'],
  [`eyJhbGciOiJSUzI1NiJ9.${'x'.repeat(5_000)}.sig`, '[removed]'],
  ['eyjafjallajokull-1', 'eyjafjallajokull-1'],
])('%j is stored in the trail as %j', (text, cleaned) => {
  expect(cleanText(text)).toBe(cleaned)
})

test('a text made to slow down the cleaning is cleaned as fast as any', () => {
  const before = process.cpuUsage()
  for (const part of ['eyJ-', 'eyJaaaaaaaaaa.', 'Bearer ', 'spt_-', ' \u0000'])
    expect(cleanText(part.repeat(300_000)).length).toBeLessThanOrEqual(1_000)
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000)
})

test('texts and details are bounded, and details are cleaned too', () => {
  expect(cleanText('x'.repeat(5_000))).toHaveLength(1_000)
  const row = auditValues({
    action: 'space.create',
    at: new Date(0),
    actor: { kind: 'anonymous' },
    target: { kind: 'portal' },
    observer: 'web/test',
    destination: 'portal',
    detail: { deep: { text: 'a\u0000b' } },
  })
  expect(row).toHaveLength(auditColumns.length)
  expect(auditTypes).toHaveLength(auditColumns.length)
  expect(row[auditColumns.indexOf('detail')]).toBe('{"deep":{"text":"a�b"}}')
  const long = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, 'y'.repeat(900)]))
  const bounded = auditValues({
    action: 'space.create',
    at: new Date(0),
    actor: { kind: 'anonymous' },
    target: { kind: 'portal' },
    observer: 'web/test',
    destination: 'portal',
    detail: long,
  })
  expect(bounded[auditColumns.indexOf('detail')]).toBe('{"truncated":true}')
})
