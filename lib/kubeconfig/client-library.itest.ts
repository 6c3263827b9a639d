import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { openAuthority } from '#dev/cluster/certificates.ts'
import { openLogin } from './open-login.ts'
import { readKubeconfig } from './read-kubeconfig.ts'

/* Spaceport must read a kubeconfig exactly as the Kubernetes project's own library does. */
const dir = mkdtempSync(join(tmpdir(), 'spaceport-two-readers-'))
let ca: string
let cert: string
let key: string

beforeAll(async () => {
  const authority = await openAuthority(join(dir, 'pki'), 'test')
  const issued = await authority.issue('client', { commonName: 'client', hosts: [], usages: ['client'] })
  ca = authority.caFile
  cert = issued.certFile
  key = issued.keyFile
})
afterAll(() => rmSync(dir, { recursive: true }))

const data = (file: string) => readFileSync(file).toString('base64')

async function readByUs(file: string) {
  const [access] = readKubeconfig(file, [])
  if (!access) throw new Error('no cluster was read')
  const { tls, token } = await openLogin(access).current()
  return { server: access.server, serverName: access.serverName, proxy: access.proxyUrl, ...tls, token }
}

async function readByLibrary(file: string) {
  const config = new KubeConfig()
  config.loadFromFile(file)
  const options: Record<string, unknown> = {}
  await config.applyToHTTPSOptions(options)
  const cluster = config.getCurrentCluster()
  const text = (value: unknown) => (value === undefined || value === null ? undefined : String(value))
  const { Authorization: authorization } = (options.headers ?? {}) as Record<string, string | undefined>
  return {
    server: cluster?.server.replace(/\/+$/, ''),
    serverName: text(options.servername),
    proxy: cluster?.proxyUrl,
    ca: text(options.ca),
    cert: text(options.cert),
    key: text(options.key),
    token: authorization?.replace('Bearer ', ''),
  }
}

test.each<[string, () => { cluster?: object; user: object }]>([
  ['a token', () => ({ user: { token: 'a-token' } })],
  ['an authority as a file', () => ({ cluster: { 'certificate-authority': ca }, user: { token: 'a-token' } })],
  ['an authority as data', () => ({ cluster: { 'certificate-authority-data': data(ca) }, user: { token: 'a-token' } })],
  [
    'a path relative to the kubeconfig',
    () => ({ cluster: { 'certificate-authority': relative(dir, ca) }, user: { token: 'a-token' } }),
  ],
  ['another server name', () => ({ cluster: { 'tls-server-name': 'kube.example.com' }, user: { token: 'a-token' } })],
  ['a proxy', () => ({ cluster: { 'proxy-url': 'http://proxy.example.com:3128' }, user: { token: 'a-token' } })],
  [
    'a server with a path and a slash',
    () => ({ cluster: { server: 'https://a.example.com/k8s/' }, user: { token: 't' } }),
  ],
  ['a client certificate as files', () => ({ user: { 'client-certificate': cert, 'client-key': key } })],
  [
    'a client certificate as data',
    () => ({ user: { 'client-certificate-data': data(cert), 'client-key-data': data(key) } }),
  ],
  [
    'a client certificate and a token',
    () => ({ user: { 'client-certificate': cert, 'client-key': key, token: 'a-token' } }),
  ],
])('both read %s the same', async (_name, entries) => {
  const { cluster, user } = entries()
  const file = join(dir, 'kubeconfig')
  const contexts = [{ name: 'c', context: { cluster: 'c', user: 'u' } }]
  const clusters = [{ name: 'c', cluster: { server: 'https://a.example.com', ...cluster } }]
  const all = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    contexts,
    clusters,
    users: [{ name: 'u', user }],
  }
  writeFileSync(file, stringify(all))
  expect(await readByUs(file)).toEqual(await readByLibrary(file))
})

test('both read the broker’s own kubeconfig the same', async () => {
  const file = inject('kubeBroker')
  expect(parse(readFileSync(file, 'utf8'))).toHaveProperty('current-context')
  expect(await readByUs(file)).toEqual(await readByLibrary(file))
})
