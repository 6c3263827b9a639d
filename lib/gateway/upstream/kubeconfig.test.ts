import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readKubeconfig } from './kubeconfig.ts'

const dir = mkdtempSync(join(tmpdir(), 'spaceport-kubeconfig-'))
afterAll(() => rmSync(dir, { recursive: true }))

const kubeconfig = join(dir, 'kubeconfig')
writeFileSync(
  kubeconfig,
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'eu',
    clusters: [
      { name: 'eu', cluster: { server: 'https://eu.example.com' } },
      { name: 'us', cluster: { server: 'https://us.example.com' } },
    ],
    users: [{ name: 'spaceport', user: { token: 'a-token' } }],
    contexts: [
      { name: 'eu', context: { cluster: 'eu', user: 'spaceport' } },
      { name: 'us', context: { cluster: 'us', user: 'spaceport' } },
    ],
  }),
)

test('each cluster is reached through the context its name is mapped to', () => {
  const wanted = [
    { name: 'a', context: 'us' },
    { name: 'b', context: 'eu' },
  ]
  expect(readKubeconfig(kubeconfig, wanted).map(({ name, server }) => [name, server])).toEqual([
    ['a', 'https://us.example.com'],
    ['b', 'https://eu.example.com'],
  ])
  expect(readKubeconfig(kubeconfig, [])).toMatchObject([{ name: 'default', server: 'https://eu.example.com' }])
})

test('a missing kubeconfig or context is reported with its variable', () => {
  const broken = join(dir, 'broken')
  writeFileSync(broken, '{ "contexts": [')
  expect(() => readKubeconfig(join(dir, 'none'), [])).toThrow(/KUBECONFIG is not usable: there is no file /)
  expect(() => readKubeconfig(broken, [])).toThrow(/KUBECONFIG is not usable: .*: it is not YAML/)
  expect(() => readKubeconfig(kubeconfig, [{ name: 'a', context: 'asia' }])).toThrow(
    /SPACEPORT_CLUSTERS is not usable: .*: there is no context asia/,
  )
})

test.each([
  ['', 'certificate authority'],
  ['nothing', 'certificate authority'],
  ['nothing', 'client certificate'],
])('a file that contains "%s" is no %s', (text, what) => {
  writeFileSync(join(dir, 'pem'), text)
  const cluster = {
    server: 'https://eu.example.com',
    ...(what.startsWith('certificate') && { 'certificate-authority': 'pem' }),
  }
  const user = what.startsWith('client') ? { 'client-certificate': 'pem', 'client-key': 'pem' } : { token: 'a-token' }
  const file = join(dir, 'unusable')
  writeFileSync(
    file,
    JSON.stringify({
      'current-context': 'eu',
      clusters: [{ name: 'eu', cluster }],
      users: [{ name: 'spaceport', user }],
      contexts: [{ name: 'eu', context: { cluster: 'eu', user: 'spaceport' } }],
    }),
  )
  expect(() => readKubeconfig(file, [])).toThrow(new RegExp(`KUBECONFIG is not usable: .*: its ${what}`))
})
