import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ownFolder } from '#dev/testing/own-folder.ts'
import { hintCompilation } from './hint-compilation.ts'

test('the hint is added to each script once, and other files are unchanged', () => {
  const dir = ownFolder()
  mkdirSync(join(dir, 'chunks'))
  writeFileSync(join(dir, 'chunks', 'a.js'), 'a()')
  writeFileSync(join(dir, 'chunks', 'a.css'), 'a {}')
  hintCompilation(dir)
  hintCompilation(dir)
  expect(readFileSync(join(dir, 'chunks', 'a.js'), 'utf8')).toBe('//# allFunctionsCalledOnLoad\na()')
  expect(readFileSync(join(dir, 'chunks', 'a.css'), 'utf8')).toBe('a {}')
})
