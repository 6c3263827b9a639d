import { expect, test } from 'vitest'
import { parseLabelSelector } from './parse-label-selector.ts'

test.each([
  ['', []],
  [' ', []],
  ['a', ['a']],
  ['!a', ['!a']],
  ['! a', ['!a']],
  ['a=b', ['a=b']],
  ['a==b', ['a==b']],
  ['a != b', ['a!=b']],
  ['a=', ['a=']],
  ['example.com/a=b-c.d_e', ['example.com/a=b-c.d_e']],
  ['a in (b)', ['a in (b)']],
  ['a in ( b , c ),d', ['a in (b,c)', 'd']],
  ['a notin (b,c)', ['a notin (b,c)']],
  ['a in (,b)', ['a in (,b)']],
  ['a>5,b<7', ['a>5', 'b<7']],
  ['in in (in)', ['in in (in)']],
  ['a=b,c!=d,!e,f', ['a=b', 'c!=d', '!e', 'f']],
])('%j is read', (selector, requirements) => {
  expect(parseLabelSelector(selector)).toEqual(requirements)
})

test.each([
  ',',
  'a,',
  ',a',
  'a=b=c',
  'a in b',
  'a in (b',
  'a in (b))',
  'a in (b) or c',
  'a || b',
  'a=b,,c',
  'a=b) ,spaceport.dev/space-id in (x',
  '"a"',
  'a\n',
  'a=b\0',
  'A/B/c',
  '-a',
  'a=-',
  `a=${'b'.repeat(64)}`,
  'a>x',
  '!',
  Array.from({ length: 101 }, (_, at) => `a${at}`).join(','),
])('%j is refused', (selector) => {
  expect(() => parseLabelSelector(selector)).toThrow(expect.objectContaining({ key: 'bad_path', status: 400 }))
})

test('a long selector that almost fits is refused within milliseconds', () => {
  const before = process.cpuUsage()
  for (const selector of [
    `a in (${'b,'.repeat(4_000)}`,
    `${' '.repeat(8_000)}=`,
    `a${'-'.repeat(8_000)}`,
    `a=${'.b'.repeat(4_000)}`,
    `x in (${', '.repeat(4_000)}`,
    `x in (${', a '.repeat(2_000)}`,
    `a${' '.repeat(8_000)}x`,
    `!${' '.repeat(8_000)}`,
  ])
    expect(() => parseLabelSelector(selector)).toThrow()
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(500)
})
