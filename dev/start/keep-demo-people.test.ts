import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findByPassword, readPeople } from '#dev/idp/people.ts'
import { keepDemoPeople } from './keep-demo-people.ts'
import { renderWelcome } from './render-welcome.ts'

const dir = mkdtempSync(join(tmpdir(), 'spaceport-demo-'))
afterAll(() => rmSync(dir, { recursive: true }))

test('on an external cluster demo passwords can’t be guessed, and the next start keeps them', () => {
  const file = join(dir, 'state', 'people.json')
  const logins = keepDemoPeople(file)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(keepDemoPeople(file)).toEqual(logins)
  const people = readPeople(file)
  expect(people.map(({ username }) => username)).toEqual(readPeople(undefined).map(({ username }) => username))
  expect(new Set(logins.map(({ password }) => password)).size).toBe(logins.length)
  for (const { username, password } of logins) {
    expect(findByPassword(people, username, username)).toBeUndefined()
    expect(findByPassword(people, username, password)?.username).toBe(username)
    expect(password.length).toBeGreaterThanOrEqual(16)
  }
})

test('the welcome lists who may sign in, with the passwords', () => {
  const facts = {
    ...{ webUrl: 'http://localhost:3000', gatewayUrl: 'https://localhost:8443', idpUrl: 'http://localhost:3001' },
    ...{
      mailUrl: undefined,
      apiserverUrl: undefined,
      binaries: undefined,
      seconds: '1.0',
      logs: 'logs',
      kubeconfig: 'mine.yaml',
    },
  }
  expect(renderWelcome({ ...facts, demo: [{ username: 'alice', password: 'r4nd0m' }] })).toMatch(/alice .*r4nd0m/)
  expect(renderWelcome({ ...facts, demo: [] })).not.toContain('Sign in as')
})
