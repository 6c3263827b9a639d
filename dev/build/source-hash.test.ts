import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hashSources } from './source-hash.ts'

let root = ''
const write = (path: string, text: string) => writeFileSync(join(root, path), text)
const hash = () => hashSources(root, ['app', 'next.config.js'])

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spaceport-hash-'))
  mkdirSync(join(root, 'app', 'spaces'), { recursive: true })
  write('app/spaces/page.tsx', 'one')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('the same sources have the same hash', () => {
  expect(hash()).toBe(hash())
})

test('an edit, a new file, a new name and a removal each change the hash', () => {
  const seen = [hash()]
  write('app/spaces/page.tsx', 'two')
  seen.push(hash())
  write('next.config.js', '')
  seen.push(hash())
  renameSync(join(root, 'app/spaces/page.tsx'), join(root, 'app/spaces/layout.tsx'))
  seen.push(hash())
  rmSync(join(root, 'next.config.js'))
  seen.push(hash())
  expect(new Set(seen).size).toBe(seen.length)
})

test('text moved from one file to the next changes the hash', () => {
  write('app/a.ts', 'xy')
  write('app/b.ts', '')
  const before = hash()
  write('app/a.ts', 'x')
  write('app/b.ts', 'y')
  expect(hash()).not.toBe(before)
})

test('tests beside the code do not change the hash', () => {
  const before = hash()
  write('app/spaces/page.test.tsx', '')
  write('app/spaces/page.itest.ts', '')
  expect(hash()).toBe(before)
})
