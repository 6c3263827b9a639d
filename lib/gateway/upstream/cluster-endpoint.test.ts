import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readClusterEndpoints } from './cluster-endpoint.ts'

const dir = mkdtempSync(join(tmpdir(), 'spaceport-endpoint-'))
afterAll(() => rmSync(dir, { recursive: true }))

function reading({ cluster = {}, user = { token: 'a-token' } }: { cluster?: object; user?: object }) {
  const file = join(dir, 'kubeconfig')
  writeFileSync(
    file,
    JSON.stringify({
      'current-context': 'c',
      clusters: [{ name: 'eu', cluster: { server: 'https://eu.example.com', ...cluster } }],
      users: [{ name: 'spaceport', user }],
      contexts: [{ name: 'c', context: { cluster: 'eu', user: 'spaceport' } }],
    }),
  )
  return () => readClusterEndpoints(file, [])[0]
}

const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'issue' }
test.each<[string, { cluster?: object; user?: object }, RegExp]>([
  ['an exec plugin', { user: { exec } }, /the gateway needs a token or a client certificate, not exec/],
  ['a proxy', { cluster: { 'proxy-url': 'http://127.0.0.1:3128' } }, /the gateway supports no proxy-url/],
  ['plain HTTP, even to this machine', { cluster: { server: 'http://127.0.0.1:8001' } }, /must be https/],
  ['an empty authority', { cluster: { 'certificate-authority': 'empty' } }, /is not a certificate/],
  ['no verified certificate', { cluster: { 'insecure-skip-tls-verify': true } }, /must be verified/],
])('%s is refused', (_what, parts, why) => {
  writeFileSync(join(dir, 'empty'), '')
  expect(reading(parts)).toThrow(/KUBECONFIG is not usable: /)
  expect(reading(parts)).toThrow(why)
})

test('a token file is reread, and its token kept while the file is being replaced', () => {
  const file = join(dir, 'token')
  writeFileSync(file, 'first\n')
  const endpoint = reading({ user: { tokenFile: 'token' } })()
  expect(endpoint?.token()).toBe('first')
  writeFileSync(file, '')
  expect(endpoint?.token()).toBe('first')
  rmSync(file)
  expect(endpoint?.token()).toBe('first')
  writeFileSync(file, 'second\n')
  expect(endpoint?.token()).toBe('second')
})

test.each(['', 'two\nlines', 'a token'])('a file that contains “%s” at the start is refused', (text) => {
  writeFileSync(join(dir, 'token'), text)
  expect(reading({ user: { tokenFile: 'token' } })).toThrow(/contains no token/)
})
