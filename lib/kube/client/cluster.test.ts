import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { connectClusters } from './cluster.ts'

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

test('clusters go by Spaceport’s names, the first is the default, and there are no others', () => {
  const clusters = connectClusters({
    kubeconfig,
    clusters: [
      { name: 'a', context: 'us' },
      { name: 'b', context: 'eu' },
    ],
  })
  expect(clusters.names).toEqual(['a', 'b'])
  expect(clusters.defaultName).toBe('a')
  expect(clusters.get('a').serverUrl).toBe('https://us.example.com')
  expect(() => clusters.get('eu')).toThrow(expect.objectContaining({ code: 'cluster_unknown' }))
})

test('without names the current context is the only cluster', () => {
  const clusters = connectClusters({ kubeconfig, clusters: [] })
  expect(clusters.names).toEqual(['default'])
  expect(clusters.get('default').serverUrl).toBe('https://eu.example.com')
})

test('a missing kubeconfig or context is reported with its variable', () => {
  expect(() => connectClusters({ kubeconfig: join(dir, 'none'), clusters: [] })).toThrow(/KUBECONFIG is not usable: /)
  expect(() => connectClusters({ kubeconfig, clusters: [{ name: 'a', context: 'asia' }] })).toThrow(
    /SPACEPORT_CLUSTERS is not usable: .*: there is no context “asia”/,
  )
})

test('a cluster that anyone could impersonate is refused', () => {
  const refused = (cluster: object) => {
    const file = join(dir, 'refused')
    writeFileSync(
      file,
      JSON.stringify({
        'current-context': 'c',
        clusters: [{ name: 'c', cluster }],
        users: [{ name: 'u', user: { token: 'a-token' } }],
        contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      }),
    )
    return () => connectClusters({ kubeconfig: file, clusters: [] })
  }
  expect(refused({ server: 'https://eu.example.com', 'insecure-skip-tls-verify': true })).toThrow(/must be verified/)
  expect(refused({ server: 'http://eu.example.com' })).toThrow(/must be https/)
  writeFileSync(join(dir, 'empty'), '')
  const authority = { 'certificate-authority': join(dir, 'empty') }
  expect(refused({ server: 'https://eu.example.com', ...authority })).toThrow(/is not a certificate/)
  expect(refused({ server: 'http://127.0.0.1:8001' })).not.toThrow()
})

test('a person’s own ~/.kube/config is never used', () => {
  mkdirSync(join(dir, '.kube'))
  copyFileSync(kubeconfig, join(dir, '.kube', 'config'))
  vi.stubEnv('HOME', dir)
  vi.stubEnv('KUBECONFIG', kubeconfig)
  expect(() => connectClusters({ kubeconfig: '', clusters: [] })).toThrow(/KUBECONFIG is not usable/)
  vi.unstubAllEnvs()
})
