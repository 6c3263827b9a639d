import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { afterAll, expect, test } from 'vitest'
import { ConfigurationError } from '#lib/config/environment.ts'
import { readTls } from './cluster-access.ts'
import { readKubeconfig } from './read-kubeconfig.ts'

const dir = mkdtempSync(join(tmpdir(), 'spaceport-kubeconfig-'))
afterAll(() => rmSync(dir, { recursive: true }))

const [authority = '', otherAuthority = ''] = rootCertificates
const base64 = (text: string) => Buffer.from(text).toString('base64')

const kubeconfig = join(dir, 'kubeconfig')
writeFileSync(
  kubeconfig,
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'eu',
    clusters: [
      { name: 'eu', cluster: { server: 'https://eu.example.com' } },
      { name: 'us', cluster: { server: 'https://us.example.com/' } },
      { name: 'lab', cluster: { server: 'http://lab.example.com', 'insecure-skip-tls-verify': true } },
    ],
    users: [
      { name: 'spaceport', user: { token: 'a-token' } },
      { name: 'other', user: { 'auth-provider': { name: 'gcp' } } },
    ],
    contexts: [
      { name: 'eu', context: { cluster: 'eu', user: 'spaceport', namespace: 'default' } },
      { name: 'us', context: { cluster: 'us', user: 'spaceport' } },
      { name: 'lab', context: { cluster: 'lab', user: 'other' } },
    ],
  }),
)

function reading({ cluster = {}, user = { token: 'a-token' } }: { cluster?: object; user?: object }) {
  const file = join(dir, 'one')
  writeFileSync(
    file,
    JSON.stringify({
      'current-context': 'c',
      clusters: [{ name: 'eu', cluster: { server: 'https://eu.example.com', ...cluster } }],
      users: [{ name: 'spaceport', user }],
      contexts: [{ name: 'c', context: { cluster: 'eu', user: 'spaceport' } }],
    }),
  )
  return () => readKubeconfig(file, [])[0]
}

test('each cluster is reached through the context mapped to its name, whatever else is in the file', () => {
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
    /SPACEPORT_CLUSTERS is not usable: .*: there is no context “asia”/,
  )
  writeFileSync(broken, '{}')
  expect(() => readKubeconfig(broken, [])).toThrow(/KUBECONFIG is not usable: .*: it has no current context/)
})

test.each([
  ['', 'authority'],
  ['nothing', 'authority'],
  ['nothing', 'client certificate'],
])('a file that contains "%s" is no %s', (text, what) => {
  writeFileSync(join(dir, 'pem'), text)
  const cluster = what === 'authority' ? { 'certificate-authority': 'pem' } : {}
  const user = what.startsWith('client') ? { 'client-certificate': 'pem', 'client-key': 'pem' } : { token: 'a-token' }
  expect(reading({ cluster, user })).toThrow(new RegExp(`KUBECONFIG is not usable: .*: the ${what}`))
})

test('a file beside the kubeconfig is found and read again, and data takes precedence over it', () => {
  writeFileSync(join(dir, 'ca.crt'), authority)
  const fromFile = reading({ cluster: { 'certificate-authority': 'ca.crt' } })()
  expect(fromFile && readTls(fromFile).ca).toBe(authority)
  writeFileSync(join(dir, 'ca.crt'), otherAuthority)
  expect(fromFile && readTls(fromFile).ca).toBe(otherAuthority)
  const both = { 'certificate-authority': 'ca.crt', 'certificate-authority-data': base64(authority) }
  const fromData = reading({ cluster: both })()
  expect(fromData && readTls(fromData).ca).toBe(authority)
})

test('other valid fields of a kubeconfig are kept', () => {
  const cluster = { 'tls-server-name': 'api.internal', 'proxy-url': 'http://proxy.example.com:3128' }
  expect(reading({ cluster, user: { tokenFile: 'token' } })()).toMatchObject({
    serverName: 'api.internal',
    proxyUrl: 'http://proxy.example.com:3128',
    login: { tokenFile: join(dir, 'token') },
  })
})

test('an exec plugin is found as kubectl finds it, and gets the cluster only if it wants it', () => {
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'issue', interactiveMode: 'IfAvailable' }
  const cluster = {
    'certificate-authority-data': base64(authority),
    extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'eu' } }],
  }
  expect(reading({ cluster, user: { exec } })()?.login.plugin).toEqual({
    ...{ apiVersion: exec.apiVersion, command: 'issue', args: [], env: [] },
    cluster: undefined,
  })
  const beside = { ...exec, command: './bin/issue', args: ['--once'], env: [{ name: 'REGION', value: 'eu' }] }
  expect(reading({ cluster, user: { exec: { ...beside, provideClusterInfo: true } } })()?.login.plugin).toMatchObject({
    ...{ command: join(dir, 'bin/issue'), args: ['--once'], env: [{ name: 'REGION', value: 'eu' }] },
    cluster: {
      server: 'https://eu.example.com',
      'certificate-authority-data': base64(authority),
      config: { audience: 'eu' },
    },
  })
})

const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'issue' }
test.each<[string, { cluster?: object; user?: object }, RegExp]>([
  ['no verified certificate', { cluster: { 'insecure-skip-tls-verify': true } }, /its certificate must be verified/],
  ['plain HTTP', { cluster: { server: 'http://eu.example.com' } }, /its URL must be https/],
  ['no URL', { cluster: { server: 'eu.example.com' } }, /its URL must be https/],
  ['a SOCKS proxy', { cluster: { 'proxy-url': 'socks5://127.0.0.1:1080' } }, /a SOCKS proxy is not supported/],
  ['a proxy that is none', { cluster: { 'proxy-url': 'proxy' } }, /its proxy-url is not a URL/],
  [
    'plain HTTP through a proxy',
    { cluster: { server: 'http://127.0.0.1:8001', 'proxy-url': 'http://proxy.example.com' } },
    /must be https when there is a proxy/,
  ],
  ['empty authority data', { cluster: { 'certificate-authority-data': '' } }, /must not be empty/],
  ['authority data that is none', { cluster: { 'certificate-authority-data': base64('x') } }, /is not a certificate/],
  ['an unknown field', { user: { 'token-file': '/token' } }, /Unrecognized key: "token-file"/],
  ['an auth-provider', { user: { 'auth-provider': { name: 'gcp' } } }, /removed in kubectl 1\.26\); use exec instead/],
  ['a password', { user: { username: 'admin', password: 'secret-word' } }, /no longer accept passwords/],
  ['impersonation', { user: { token: 'a-token', as: 'admin' } }, /it must not impersonate/],
  ['no credential', { user: {} }, /it has no token, client certificate or exec/],
  ['half a pair', { user: { 'client-certificate-data': base64(authority) } }, /and its key must come together/],
  ['two ways', { user: { token: 'a-token', exec } }, /must not be combined/],
  [
    'an interactive plugin',
    { user: { exec: { ...exec, interactiveMode: 'Always' } } },
    /needs an interactive terminal/,
  ],
  ['an old plugin', { user: { exec: { ...exec, apiVersion: 'client.authentication.k8s.io/v1alpha1' } } }, /apiVersion/],
])('%s is refused', (_what, parts, why) => {
  expect(reading(parts)).toThrow(ConfigurationError)
  expect(reading(parts)).toThrow(why)
  expect(reading(parts)).not.toThrow(/a-token|secret-word/)
})

test('plain HTTP to this machine is allowed', () => {
  expect(reading({ cluster: { server: 'http://127.0.0.1:8001', 'insecure-skip-tls-verify': true } })).not.toThrow()
})
