import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, inject, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { listenAnywhere } from '#dev/testing/network/raw-server.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { type Cluster, type Clusters, connectClusters } from './cluster.ts'
import { request } from './request.ts'

const dir = mkdtempSync(join(tmpdir(), 'spaceport-credentials-'))
const open: Clusters[] = []
afterAll(async () => {
  await Promise.all(open.map((clusters) => clusters.close()))
  rmSync(dir, { recursive: true })
})

const text = z.string()
const kubeconfigSchema = z.looseObject({
  clusters: z.tuple([z.object({ name: text, cluster: z.record(text, text) })]),
  users: z.tuple([z.object({ name: text, user: z.record(text, text) })]),
})
const read = (path: string) => kubeconfigSchema.parse(parse(readFileSync(path, 'utf8')))
const broker = read(inject('kubeBroker'))
const [{ name: userName, user: brokerUser }] = broker.users
const [{ user: adminUser }] = read(inject('kubeAdmin')).users
const brokerToken = text.parse(brokerUser.token)

let written = 0
function connectAs(user: object, way: object = {}): Cluster {
  const file = join(dir, `kubeconfig-${++written}`)
  const [{ name, cluster }] = broker.clusters
  const clusters = [{ name, cluster: { ...cluster, ...way } }]
  writeFileSync(file, JSON.stringify({ ...broker, clusters, users: [{ name: userName, user }] }), { mode: 0o600 })
  const connected = connectClusters({ kubeconfig: file, clusters: [] })
  open.push(connected)
  return connected.get('default')
}

function connectByPlugin(script: string): Cluster {
  const command = join(dir, `plugin-${++written}`)
  writeFileSync(command, `#!/bin/sh\n${script}\n`)
  chmodSync(command, 0o700)
  return connectAs({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' } })
}
const answering = (status: object) =>
  `cat <<'END'\n${JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status })}\nEND`

const whoSchema = z.object({ status: z.object({ userInfo: z.object({ username: text }) }) })
/** @returns our identity at the API server */
async function whoAmI(cluster: Cluster, signal?: AbortSignal): Promise<string> {
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
  const answer = await request(cluster, { method: 'POST', path, body, ...(signal && { signal }) }, whoSchema)
  return answer.status.userInfo.username
}

const brokerName = await whoAmI(connectAs(brokerUser))
const adminName = await whoAmI(connectAs(adminUser))

test('a rotated token in a file is used at once', async () => {
  const file = join(dir, 'token')
  writeFileSync(file, 'not-yet-a-token')
  const cluster = connectAs({ tokenFile: file })
  await expect(whoAmI(cluster)).rejects.toMatchObject({ code: 'cluster_refused' })
  writeFileSync(file, brokerToken)
  expect(await whoAmI(cluster)).toBe(brokerName)
})

test('a new token in a file is used before the old one expires', async () => {
  const file = join(dir, 'valid-token')
  writeFileSync(file, brokerToken)
  const cluster = connectAs({ tokenFile: file })
  expect(await whoAmI(cluster)).toBe(brokerName)
  writeFileSync(file, text.parse(read(inject('kubeGateway')).users[0].user.token))
  await expect.poll(() => whoAmI(cluster), { timeout: 60_000, interval: 1000 }).not.toBe(brokerName)
})

test('a client certificate is read from files', async () => {
  for (const name of ['client-certificate', 'client-key'])
    writeFileSync(join(dir, name), Buffer.from(text.parse(adminUser[`${name}-data`]), 'base64'))
  const files = { 'client-certificate': join(dir, 'client-certificate'), 'client-key': join(dir, 'client-key') }
  expect(await whoAmI(connectAs(files))).toBe(adminName)
})

test('an HTTP proxy is used', async () => {
  const asked: string[] = []
  const proxy = createServer()
  proxy.on('connect', ({ url = '' }, client) => {
    asked.push(url)
    const { hostname, port } = new URL(`http://${url}`)
    const upstream = connect(Number(port), hostname, () => client.write('HTTP/1.1 200 OK\r\n\r\n'))
    upstream.pipe(client).pipe(upstream)
    for (const socket of [client, upstream]) socket.on('error', () => {})
  })
  const port = await listenAnywhere(proxy)
  const cluster = connectAs(brokerUser, { 'proxy-url': `http://127.0.0.1:${port}` })
  expect(await whoAmI(cluster)).toBe(brokerName)
  expect(asked).toEqual([new URL(cluster.serverUrl).host])
  proxy.close()
})

test('the certificate must have the name in the kubeconfig', async () => {
  expect(await whoAmI(connectAs(brokerUser, { 'tls-server-name': 'kubernetes.default.svc' }))).toBe(brokerName)
  const error: unknown = await whoAmI(connectAs(brokerUser, { 'tls-server-name': 'other.example' })).catch((e) => e)
  expect(String(error)).toContain('ERR_TLS_CERT_ALTNAME_INVALID')
})

test('a plugin’s token is used', async () => {
  expect(await whoAmI(connectByPlugin(answering({ token: brokerToken })))).toBe(brokerName)
})

test('a plugin’s client certificate is used', async () => {
  const pem = (name: string) => Buffer.from(text.parse(adminUser[`${name}-data`]), 'base64').toString()
  const status = { clientCertificateData: pem('client-certificate'), clientKeyData: pem('client-key') }
  expect(await whoAmI(connectByPlugin(answering(status)))).toBe(adminName)
})

test('a plugin that fails is a named failure', async () => {
  const error: unknown = await whoAmI(connectByPlugin('exit 3')).catch((thrown: unknown) => thrown)
  expect(isAppError(error, 'cluster_unreachable')).toBe(true)
  expect(String(error)).toMatch(/selfsubjectreviews: the plugin “.*” of user “.*” failed with status 3/)
})

test('a call waits for a plugin that hangs no longer than for the API server', async () => {
  const cluster = connectByPlugin('sleep 40')
  const started = performance.now()
  const error: unknown = await whoAmI(cluster).catch((thrown: unknown) => thrown)
  expect(performance.now() - started).toBeLessThan(20_000)
  expect(isAppError(error, 'cluster_unreachable')).toBe(true)
  expect(String(error)).toMatch(/the plugin of user “.*” has not answered yet/)
})

test('an aborted caller is not held up by a plugin', async () => {
  const stopped = new AbortController()
  const asked = whoAmI(connectByPlugin('sleep 40'), stopped.signal)
  stopped.abort(new Error('gone'))
  await expect(asked).rejects.toThrow('gone')
})
