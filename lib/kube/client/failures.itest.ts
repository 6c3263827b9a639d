import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { openClusterFixture } from '#dev/testing/fixtures/cluster-fixture.ts'
import { proveFences } from '#lib/kube/fences/prove-fences.ts'
import { applyObject } from '#lib/kube/objects/apply-object.ts'
import { createNamespace } from '#lib/kube/objects/create-namespace.ts'
import { findNamespace } from '#lib/kube/objects/find-namespace.ts'
import { watchManaged } from '#lib/kube/objects/watch-managed.ts'
import { mayPerson } from '#lib/kube/people/may-person.ts'
import type { Cluster } from './cluster.ts'
import { connectClusters } from './cluster.ts'

const fixture = openClusterFixture()
const dir = mkdtempSync(join(tmpdir(), 'spaceport-kube-'))
const servers: { close(): void; closeAllConnections(): void }[] = []
afterAll(async () => {
  await fixture.close()
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
  rmSync(dir, { recursive: true, force: true })
})

function connectTo(port: number): Cluster {
  const file = join(dir, `${port}.kubeconfig`)
  const kubeconfig = {
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token: 'secret-token' } }],
    contexts: [{ name: 'default', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'default',
  }
  writeFileSync(file, JSON.stringify(kubeconfig), { mode: 0o600 })
  return connectClusters({ kubeconfig: file, clusters: [] }).get('default')
}

async function brokenCluster(listener: RequestListener): Promise<Cluster> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return connectTo((server.address() as AddressInfo).port)
}

const answering = (status: number, body: string) =>
  brokenCluster((_request, response) => response.writeHead(status).end(body))

test.each([
  [401, 'cluster_refused'],
  [403, 'cluster_refused'],
  [409, 'cluster_conflict'],
  [429, 'cluster_busy'],
  [500, 'cluster_failed'],
  [503, 'cluster_failed'],
  [504, 'cluster_busy'],
])('an API server that answers %d is %s, and its message is not logged', async (status, code) => {
  const cluster = await answering(status, JSON.stringify({ kind: 'Status', reason: 'Whatever', message: 'leak-me' }))
  const error: unknown = await findNamespace(cluster, 'x').catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code })
  for (const printed of [inspect(error, { depth: 10 }), JSON.stringify(error), String(error)]) {
    expect(printed).not.toContain('leak-me')
    expect(printed).not.toContain('secret-token')
  }
})

test('a proxy’s page instead of an answer is a named failure', async () => {
  await expect(findNamespace(await answering(200, '<html>'), 'x')).rejects.toMatchObject({ code: 'cluster_failed' })
  await expect(findNamespace(await answering(502, '<html>'), 'x')).rejects.toMatchObject({ code: 'cluster_failed' })
})

test('a cluster that does not exist is unreachable, for proofs of admission policies too', async () => {
  const cluster = connectTo(1)
  await expect(findNamespace(cluster, 'x')).rejects.toMatchObject({ code: 'cluster_unreachable' })
  await expect(proveFences(cluster)).rejects.toMatchObject({ code: 'cluster_unreachable' })
})

test('a request to an API server that never answers fails after ten seconds', async () => {
  const cluster = await brokenCluster(() => undefined)
  const started = performance.now()
  await expect(findNamespace(cluster, 'x')).rejects.toMatchObject({ code: 'cluster_busy' })
  expect(performance.now() - started).toBeLessThan(30_000)
})

test('a read or review whose idle socket was closed is retried once; a create is not, because it may have happened', async () => {
  let asked = 0
  const cluster = await brokenCluster((request, response) => {
    asked += 1
    if (asked % 2 === 1) request.socket.destroy()
    else response.writeHead(404).end('{}')
  })
  expect(await findNamespace(cluster, 'x')).toBeUndefined()
  expect(asked).toBe(2)
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } }
  await expect(createNamespace(cluster, namespace)).rejects.toMatchObject({ code: 'cluster_unreachable' })
  expect(asked).toBe(3)
  asked = 0
  const question = { namespace: 'x', verb: 'get', group: '', resource: 'pods' }
  await expect(mayPerson(cluster, 'x', question)).rejects.toMatchObject({ code: 'not_found' })
  expect(asked).toBe(2)
})

test('an object that changed while it was applied is applied once more', async () => {
  let asked = 0
  const conflicting = (times: number) =>
    brokenCluster((_request, response) => {
      asked += 1
      response.writeHead(asked > times ? 200 : 409).end('{}')
    })
  const manifest = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'x', namespace: 'x' } }
  await applyObject(await conflicting(1), manifest)
  expect(asked).toBe(2)
  asked = 0
  await expect(applyObject(await conflicting(9), manifest)).rejects.toMatchObject({ code: 'cluster_conflict' })
  expect(asked).toBe(2)
})

test('a watch that was cut off, refused and outdated continues and reports what it missed', async () => {
  const object = (uid: string, write: string) => ({
    metadata: {
      name: `ns-${uid}`,
      uid,
      resourceVersion: '1',
      labels: { 'spaceport.dev/space-id': `space-${uid}` },
      managedFields: [{ manager: write, operation: 'Apply' }],
    },
  })
  const lists = [
    [object('a', 'first'), object('b', 'first')],
    [object('a', 'second'), object('c', 'first')],
  ]
  let listed = 0
  let watched = 0
  const cluster = await brokenCluster((request, response) => {
    const url = new URL(request.url ?? '', 'http://x')
    const isNamespaces = url.pathname === '/api/v1/namespaces'
    const ofNamespaces = isNamespaces ? lists[Math.min(listed, 1)] : []
    if (!url.searchParams.has('watch')) {
      if (isNamespaces) listed += 1
      response.end(JSON.stringify({ metadata: { resourceVersion: '1' }, items: ofNamespaces }))
      return
    }
    response.writeHead(200).flushHeaders()
    if (!isNamespaces) return
    watched += 1
    if (watched === 1) request.socket.destroy()
    else if (watched === 2) response.end()
    else if (watched === 3)
      response.end(`${JSON.stringify({ type: 'ERROR', object: { code: 410, reason: 'Expired' } })}\n`)
  })
  const ended = new AbortController()
  const seen: string[] = []
  const trouble: string[] = []
  let synced = 0
  const done = watchManaged(cluster, {
    onChange: (spaceId, _ref, event) => seen.push(`${spaceId} ${event}`),
    onSynced: () => synced++,
    onTrouble: ({ code }) => trouble.push(code),
    signal: ended.signal,
  })
  await expect.poll(() => seen).toEqual(['space-a modified', 'space-c added', 'space-b deleted'])
  ended.abort()
  await done
  expect(synced).toBe(1)
  expect(trouble).toEqual(['cluster_unreachable'])
  expect(listed).toBe(2)
})

test('a denial counts only if every authorizer of the cluster answered', async () => {
  const question = { namespace: 'x', verb: 'get', group: '', resource: 'pods' }
  const asked = async (status: object) => mayPerson(await answering(201, JSON.stringify({ status })), 'x', question)
  expect(await asked({ allowed: false, reason: 'RBAC: clusterrole "gone" not found' })).toBe(false)
  expect(await asked({ allowed: true, evaluationError: 'webhook: connection refused' })).toBe(true)
  await expect(asked({ allowed: false, evaluationError: 'webhook: connection refused' })).rejects.toMatchObject({
    code: 'cluster_failed',
  })
})
