import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copyBuild, stampName } from './copy-build.ts'

let root = ''
const write = (path: string, text: string) => writeFileSync(join(root, path), text)
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const copy = () => copyBuild(join(root, 'build'), join(root, 'copy'))
const build = (content: string) => {
  rmSync(join(root, 'build'), { recursive: true, force: true })
  mkdirSync(join(root, 'build', 'modules'), { recursive: true })
  write(`build/modules/${content}.js`, content)
  symlinkSync(`modules/${content}.js`, join(root, 'build', 'link.js'))
  write(`build/${stampName}`, content)
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spaceport-copy-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('a copy is unaffected by later builds, even one made in place', () => {
  build('one')
  copy()
  write('build/modules/one.js', 'changed')
  build('two')
  expect(read('copy/link.js')).toBe('one')
  rmSync(join(root, 'build'), { recursive: true })
  expect(read('copy/link.js')).toBe('one')
})

test('a copy of other sources, or an incomplete copy, is replaced', () => {
  build('one')
  copy()
  build('two')
  copy()
  expect(read('copy/link.js')).toBe('two')
  expect(() => read('copy/modules/one.js')).toThrow('ENOENT')
  rmSync(join(root, 'copy', stampName))
  rmSync(join(root, 'copy', 'modules'), { recursive: true })
  copy()
  expect(read('copy/link.js')).toBe('two')
})

test('a copy of the same sources is left alone', () => {
  build('one')
  copy()
  write('copy/modules/one.js', 'still mine')
  copy()
  expect(read('copy/modules/one.js')).toBe('still mine')
})
