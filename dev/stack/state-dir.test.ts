import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { claimCluster, emptyStateDir } from './state-dir.ts'

const newDir = () => mkdtempSync(join(tmpdir(), 'spaceport-state-'))

test('what earlier starts kept is forgotten, but not who holds the folder', () => {
  const dir = newDir()
  mkdirSync(join(dir, 'postgres'))
  for (const name of ['secrets.json', 'running.json']) writeFileSync(join(dir, name), '{}')
  emptyStateDir(dir)
  expect(readdirSync(dir)).toEqual(['running.json'])
})

test('a folder of somebody else’s is left as it is', () => {
  const dir = newDir()
  writeFileSync(join(dir, 'thesis.txt'), 'years of work')
  writeFileSync(join(dir, 'running.json'), '{}')
  expect(() => emptyStateDir(dir)).toThrow('Nothing was removed')
  expect(readdirSync(dir)).toEqual(['running.json', 'thesis.txt'])
})

test('a state folder is used with one cluster only, until it is forgotten', () => {
  const dir = newDir()
  writeFileSync(join(dir, 'secrets.json'), '{}')
  claimCluster(dir, 'one')
  claimCluster(dir, 'one')
  expect(() => claimCluster(dir, 'another')).toThrow('--state-dir')
  emptyStateDir(dir)
  claimCluster(dir, 'another')
})
