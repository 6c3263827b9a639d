import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { projectRoot } from '#dev/project-root.ts'
import { findUsage } from './usage.mjs'

test.each([
  ['start', 'npm start -- [options]'],
  ['doctor', 'npm run doctor -- --kubeconfig FILE'],
])('%s answers --help in a fresh clone, and installs nothing', (name, usage) => {
  const clone = mkdtempSync(join(tmpdir(), 'spaceport-clone-'))
  onTestFinished(() => rmSync(clone, { recursive: true }))
  for (const path of ['dev', 'package.json', 'package-lock.json'])
    cpSync(join(projectRoot, path), join(clone, path), { recursive: true })
  const options = {
    cwd: clone,
    env: { NODE_ENV: 'test', PATH: '/nonexistent' },
    encoding: 'utf8',
    timeout: 60_000,
  } as const
  for (const help of ['--help', '-h'])
    expect(execFileSync(process.execPath, ['dev/run.mjs', `dev/${name}.ts`, help], options)).toContain(usage)
})

test('other targets get --help themselves', () => {
  expect(findUsage('vitest', ['--help'])).toBeUndefined()
  expect(findUsage('dev/start.ts', [])).toBeUndefined()
})
