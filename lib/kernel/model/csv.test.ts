import { expect, test } from 'vitest'
import { csvLine } from './csv.ts'

test('fields are quoted where they need to be', () => {
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
])('no spreadsheet runs %j, whether commas or semicolons separate its cells', (text, safe) => {
  expect(csvLine([text])).toBe(`${safe}\r\n`)
})

test('nor does one that takes a line end within quotes for the end of a row', () => {
  expect(csvLine(['x\n=1'])).toBe('"x\n\'=1"\r\n')
})

test('text in which such signs start no cell stays as it is', () => {
  expect(csvLine(['a=b-c@d+e; f'])).toBe('a=b-c@d+e; f\r\n')
})
