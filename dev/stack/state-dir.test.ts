import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ownFolder } from '#dev/testing/own-folder.ts'
import { emptyStateDir, stateDirOf } from './state-dir.ts'

test('the state of earlier starts is removed, but not the claim on the folder', () => {
  const dir = ownFolder()
  mkdirSync(join(dir, 'postgres'))
  for (const name of ['secrets.json', 'running.json']) writeFileSync(join(dir, name), '{}')
  emptyStateDir(dir)
  expect(readdirSync(dir)).toEqual(['running.json'])
})

test('a foreign folder is left alone', () => {
  const dir = ownFolder()
  writeFileSync(join(dir, 'thesis.txt'), 'years of work')
  writeFileSync(join(dir, 'running.json'), '{}')
  expect(() => emptyStateDir(dir)).toThrow('Nothing was removed')
  expect(readdirSync(dir)).toEqual(['running.json', 'thesis.txt'])
})

test('each cluster has its own state, which survives the removal of another’s', () => {
  const dir = ownFolder()
  const [one, two] = ['https://one:6443', 'https://two:6443'].map((server) => stateDirOf(dir, server))
  expect(one).not.toBe(two)
  mkdirSync(one ?? '', { recursive: true })
  writeFileSync(join(dir, 'secrets.json'), '{}')
  emptyStateDir(dir)
  expect(existsSync(one ?? '')).toBe(true)
})
