import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ownFolder } from '#dev/testing/own-folder.ts'
import { withLock } from './with-lock.mjs'

const newLock = () => join(ownFolder(), 'lock')

test('two holders never overlap', async () => {
  const lock = newLock()
  const events: string[] = []
  const work = (name: string) => async () => {
    events.push(`${name} begins`)
    await new Promise((resolve) => setImmediate(resolve))
    events.push(`${name} ends`)
  }
  await Promise.all([withLock(lock, work('a')), withLock(lock, work('b'))])
  expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
  expect(existsSync(lock)).toBe(false)
})

test.each([
  // Greater than any pid that Linux or macOS hands out.
  ['died', '2000000000 1'],
  ['died, with its pid reused', `${process.pid} 1`],
  ['died before it wrote its identity', ''],
])('a lock is free if its holder %s', async (_what, holder) => {
  const lock = newLock()
  writeFileSync(lock, holder)
  let ran = false
  await withLock(lock, async () => {
    ran = true
  })
  expect(ran).toBe(true)
})

test('a failure of the work releases the lock and is passed on', async () => {
  const lock = newLock()
  await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(existsSync(lock)).toBe(false)
})
