import { expect, test } from 'vitest'
import { csvLine } from './csv.ts'

test('fields are quoted where necessary', () => {
  const line = csvLine(['plain', null, '', 'a,b', 'say "x"', 'two\nlines'])
  expect(line).toBe('plain,,,"a,b","say ""x""","two\nlines"\r\n')
})

test.each([
  ['=1+1', "'=1+1"],
  ['＝1', "'＝1"],
  ['\t=1', "'\t'=1"],
  ['-5', "'-5"],
  ['x;=1+1;', "x;'=1+1;"],
  ['x;;@y', "x;;'@y"],
])('no spreadsheet runs %j as a formula, with cells separated by commas or semicolons', (text, safe) => {
  expect(csvLine([text])).toBe(`${safe}\r\n`)
})

test('nor one that reads a line break within quotes as the end of a row', () => {
  expect(csvLine(['x\n=1'])).toBe('"x\n\'=1"\r\n')
})

test('text with such signs in the middle of a cell is unchanged', () => {
  expect(csvLine(['a=b-c@d+e; f'])).toBe('a=b-c@d+e; f\r\n')
})
