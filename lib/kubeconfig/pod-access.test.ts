import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { afterAll, expect, test } from 'vitest'
import { podApiServer } from '#lib/config/pod-api-server.ts'
import { openLogin } from './open-login.ts'
import { readPodAccess } from './pod-access.ts'

const folder = mkdtempSync(join(tmpdir(), 'spaceport-pod-'))
afterAll(() => rmSync(folder, { recursive: true }))
const [authority = ''] = rootCertificates
writeFileSync(join(folder, 'ca.crt'), authority)
writeFileSync(join(folder, 'token'), 'first')
const pod = { folder, server: 'https://10.0.0.1:443' }

test('a pod’s ServiceAccount is used with the CA beside it, and its token is followed', async () => {
  const [access] = readPodAccess([], pod)
  if (!access) throw new Error('nothing was read')
  expect(access).toMatchObject({ name: 'default', server: 'https://10.0.0.1:443' })
  const login = openLogin(access)
  expect(await login.current()).toMatchObject({ tls: { ca: authority }, token: 'first' })
  writeFileSync(join(folder, 'token'), 'second')
  expect(await login.current()).toMatchObject({ token: 'second' })
})

test('the pod’s cluster has one context, and no other is guessed', () => {
  expect(readPodAccess([{ name: 'prod', context: 'inClusterContext' }], pod)).toMatchObject([{ name: 'prod' }])
  expect(() => readPodAccess([{ name: 'prod', context: 'eu' }], pod)).toThrow(
    /SPACEPORT_CLUSTERS is not usable: .*“inClusterContext”/,
  )
})

test('a pod without a ServiceAccount, or with an empty authority, is refused', () => {
  const empty = mkdtempSync(join(folder, 'empty-'))
  expect(() => readPodAccess([], { ...pod, folder: empty })).toThrow(/KUBECONFIG is not usable: .*not a pod/)
  expect(() => readPodAccess([], { ...pod, server: undefined })).toThrow(/KUBECONFIG is not usable: .*not a pod/)
  writeFileSync(join(empty, 'token'), 'a-token')
  writeFileSync(join(empty, 'ca.crt'), '')
  expect(() => readPodAccess([], { ...pod, folder: empty })).toThrow(/is not a certificate/)
})

test('a pod finds its API server by Kubernetes’ variables', () => {
  const at = (host: string) => podApiServer({ KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: '443' })
  expect(at('10.0.0.1')).toBe('https://10.0.0.1:443')
  expect(at('fd00::1')).toBe('https://[fd00::1]:443')
  expect(podApiServer({})).toBeUndefined()
})
