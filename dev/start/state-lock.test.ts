import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readProcessStart } from '#dev/runner/process-start.mjs'
import { ownFolder } from '#dev/testing/own-folder.ts'
import { AlreadyRunning, claimState } from './state-lock.ts'

test('a second claim names the holder of the first, and succeeds after its release', async () => {
  const state = ownFolder()
  const release = await claimState(state, 'http://localhost:3000')
  await expect(claimState(state, 'http://localhost:3000')).rejects.toThrow(AlreadyRunning)
  await expect(claimState(state, 'http://localhost:3000')).rejects.toThrow(`process ${process.pid}`)
  release()
  expect(existsSync(join(state, 'running.json'))).toBe(false)
  const again = await claimState(state, 'http://localhost:3000')
  again()
})

test('the claim of a process that died is taken over and reported', async () => {
  const state = ownFolder()
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' })
  await new Promise((resolve) => child.on('exit', resolve))
  writeFileSync(join(state, 'running.json'), JSON.stringify({ pid: child.pid, startedAt: '1', webUrl: 'http://x' }))
  let stale = false
  const release = await claimState(state, 'http://localhost:3000', () => {
    stale = true
  })
  expect(stale).toBe(true)
  release()
})

test('a process that merely reuses the pid holds nothing', async () => {
  const state = ownFolder()
  const claim = { pid: process.pid, startedAt: `${readProcessStart(process.pid)}-earlier`, webUrl: 'http://x' }
  writeFileSync(join(state, 'running.json'), JSON.stringify(claim))
  const release = await claimState(state, 'http://localhost:3000')
  release()
})
