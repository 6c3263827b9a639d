import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { type OwnCluster, openOwnCluster } from '#dev/testing/cluster/own-cluster.ts'
import { openClusterFixture, testMember } from '#dev/testing/fixtures/cluster-fixture.ts'
import { startRawServer } from '#dev/testing/network/raw-server.ts'
import { defaultReach } from '#lib/kernel/model/access/reach-fixture.ts'
import { renderSpace } from '#lib/kernel/model/spaces/render-space.ts'
import { maxRead } from '#lib/kernel/model/spaces/space-inside.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { request, requestSized } from '#lib/kube/client/request.ts'
import { applyObject } from '#lib/kube/objects/apply-object.ts'
import { createNamespace } from '#lib/kube/objects/create-namespace.ts'
import { readPodUse, sumPodUse } from './pod-use.ts'
import { readNamespaceInside } from './read-namespace-inside.ts'

const fixture = openClusterFixture()
const { broker } = fixture
const closes: (() => unknown)[] = [() => fixture.close()]
let own: OwnCluster
let dir: string
/** On the real cluster: metrics need two measurements, ten seconds apart. */
let spaces: Record<'space' | 'neighbour' | 'loud' | 'quiet', Awaited<ReturnType<typeof fixture.makeSpace>>>
const endlessLabels = Object.fromEntries(Array.from({ length: 4_000 }, (_, index) => [`l${index}`, 'x'.repeat(63)]))
beforeAll(async () => {
  const [space, neighbour, loud, quiet] = [
    await fixture.makeSpace(),
    await fixture.makeSpace(),
    await fixture.makeSpace(),
    await fixture.makeSpace(),
  ]
  spaces = { space, neighbour, loud, quiet }
  await runPod(space.namespace, 'busy', { cpu: '200m', memory: '100Mi' })
  await runPod(space.namespace, 'idle', { cpu: '1m', memory: '8Mi' })
  await runPod(neighbour.namespace, 'other', { cpu: '3', memory: '1Gi' })
  await runPod(loud.namespace, 'loud', { cpu: '1', memory: '1Mi' }, endlessLabels)
  await runPod(quiet.namespace, 'quiet', { cpu: '100m', memory: '32Mi' })
  dir = await mkdtemp(join(tmpdir(), 'spaceport-use-'))
  closes.push(() => rm(dir, { recursive: true }))
  own = await openOwnCluster()
  closes.push(() => own.close())
}, 120_000)
afterAll(async () => {
  for (const close of closes.reverse()) await close()
})

const now = new Date()
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
let minutes = 0
/** Later than a failure keeps pages from asking again. */
const next = () => {
  minutes += 4
  return later(minutes)
}
const measuredLate = { timeout: 60_000, interval: 1_000 }

const runPod = (namespace: string, name: string, usage: { cpu: string; memory: string }, labels = {}) =>
  request(
    fixture.admin,
    {
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/pods`,
      body: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          ...{ name, labels },
          annotations: { 'kwok.x-k8s.io/usage-cpu': usage.cpu, 'kwok.x-k8s.io/usage-memory': usage.memory },
        },
        spec: { containers: ['a', 'b'].map((container) => ({ name: container, image: 'i' })) },
      },
    },
    z.unknown(),
  )

test('a member reads each pod’s actual usage; the broker reads only sums of spaces', async () => {
  const { space, neighbour } = spaces
  const read = async () => {
    const found = await readPodUse(broker, space.owner, space.namespace, next())
    return [...(found ?? [])].map(([name, { cpu, memory }]) => [name, Math.round(cpu * 1_000), memory / 2 ** 20])
  }
  await expect
    .poll(async () => (await read()).sort(), measuredLate)
    .toEqual([
      ['busy', expect.closeTo(400, -2), 200],
      ['idle', expect.closeTo(2, -0.5), 16],
    ])
  const empty = await fixture.makeSpace()
  const sums = await sumPodUse(broker, [space.namespace, empty.namespace, 'not-there'])
  expect([...sums.keys()]).toEqual([space.namespace, empty.namespace, 'not-there'])
  expect(sums.get(space.namespace)).toEqual({ cpu: expect.closeTo(0.402, 1), memory: 216 * 2 ** 20 })
  expect(sums.get(empty.namespace)).toEqual({ cpu: 0, memory: 0 })

  const stranger = testMember('stranger')
  expect(await readPodUse(broker, stranger, space.namespace, next())).toBeNull()
  expect(await readPodUse(broker, neighbour.owner, space.namespace, next())).toBeNull()
  await expect.poll(read, { ...measuredLate, message: 'others still see their own' }).toHaveLength(2)
})

const metricsService = '/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io'

const moveMetrics = (spec: object) => {
  const contentType = 'application/merge-patch+json'
  return request(own.admin, { method: 'PATCH', path: metricsService, contentType, body: { spec } }, z.unknown())
}

test('without metrics-server nothing is shown, until it is available', async () => {
  const { spec } = await request(own.admin, { method: 'GET', path: metricsService }, z.object({ spec: z.unknown() }))
  await request(own.admin, { method: 'DELETE', path: metricsService }, z.unknown())
  const sum = () => sumPodUse(own.broker, []).catch((error) => error.code)
  await expect.poll(sum, { timeout: 30_000 }).toBe('not_found')
  expect(await readPodUse(own.broker, testMember(), 'default', now)).toBeNull()
  const [path, name] = [dirname(metricsService), basename(metricsService)]
  const body = { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name }, spec }
  await request(own.admin, { method: 'POST', path, body }, z.unknown())
  await expect.poll(sum, { timeout: 30_000 }).toEqual(new Map())
})

test('a metrics-server that hangs delays no page: everything else is shown, and other pages don’t ask for minutes', async () => {
  // It answers only the API server's availability check; without an answer, the API server would refuse requests on its
  // own.
  const discovery = JSON.stringify({
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: 'metrics.k8s.io/v1beta1',
    resources: [],
  })
  const server = await startRawServer((socket, _index, heard) => {
    let answered = 0
    heard((text) => {
      const asked = text.match(/^GET \/apis\/metrics\.k8s\.io\/v1beta1[ ?]/gm)?.length ?? 0
      for (; answered < asked; answered++) socket.write(answers(discovery))
    })
  })
  closes.push(() => server.close())
  const wanted = fixture.wantedSpace()
  const { owner, namespace } = wanted
  const rendered = renderSpace(wanted, defaultReach)
  await createNamespace(own.broker, rendered.namespace)
  for (const manifest of [...rendered.limits, ...rendered.access]) await applyObject(own.broker, manifest)
  const open = (at: Date) => readNamespaceInside(own.broker, owner, namespace, at)
  let at = later(4)
  const look = async () => {
    at = new Date(at.getTime() + 240_000)
    const { workloads, inUse } = await open(at)
    return { workloads, inUse: await inUse }
  }
  await expect.poll(() => look().catch(() => null), { timeout: 60_000 }).toEqual({ workloads: [], inUse: new Map() })

  await moveMetrics({ service: { port: server.port }, caBundle: null, insecureSkipTLSVerify: true })
  const asked = () => server.received.join('').split(`/namespaces/${namespace}/pods`).length - 1
  const openOnce = async () => {
    at = new Date(at.getTime() + 240_000)
    const before = asked()
    let known = false
    const { inUse } = await open(at)
    const found = inUse.then(() => (known = true))
    await new Promise(setImmediate)
    const waits = !known
    await found
    return { waits, hung: asked() > before }
  }
  await expect.poll(openOnce, { timeout: 60_000, interval: 100 }).toEqual({ waits: true, hung: true })
  const before = asked()
  expect(await (await open(new Date(at.getTime() + 60_000))).inUse).toBeNull()
  expect(asked()).toBe(before)
})

const answers = (body: string, status = '200 OK') =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

async function hostile(answer: string | ((write: (text: string) => void) => void)) {
  const server = await startRawServer((socket, _index, heard) =>
    heard((text) => {
      if (!text.endsWith('\r\n\r\n')) return
      if (typeof answer === 'string') socket.write(answer)
      else answer((part) => socket.write(part))
    }),
  )
  closes.push(() => server.close())
  const config = parse(readFileSync(inject('kubeBroker'), 'utf8'))
  config.clusters[0].cluster = {
    server: `https://127.0.0.1:${server.port}`,
    'certificate-authority-data': server.ca.toString('base64'),
  }
  const file = join(dir, `${server.port}.kubeconfig`)
  writeFileSync(file, JSON.stringify(config))
  const asked = () => server.received.join('').split('GET ').length - 1
  return { cluster: fixture.connect(file), asked }
}

const person = testMember()
const read = (cluster: Cluster, at = now) => readPodUse(cluster, person, 'default', at)

test('one person’s refusal does not affect others; any other failure keeps pages from asking for three minutes', async () => {
  const forbidding = await hostile(answers('{"kind":"Status","reason":"Forbidden"}', '403 Forbidden'))
  for (const _ of [1, 2]) expect(await read(forbidding.cluster)).toBeNull()
  expect(forbidding.asked()).toBe(2)
  for (const status of ['404 Not Found', '503 Service Unavailable', '500 Internal Server Error']) {
    const away = await hostile(answers('{}', status))
    for (const minutes of [0, 1, 2.9]) expect(await read(away.cluster, later(minutes))).toBeNull()
    expect(away.asked(), status).toBe(1)
    await read(away.cluster, later(3.1))
    expect(away.asked(), status).toBe(2)
  }
})

const list = (...items: unknown[]) => answers(JSON.stringify({ kind: 'PodMetricsList', items }))
const pod = (name: string, cpu: unknown, memory: unknown = '1Mi') => ({
  metadata: { name, namespace: 'default' },
  containers: [{ name: 'c', usage: { cpu, memory } }],
})

test('a pod with impossible numbers isn’t counted, and the others are', async () => {
  const { cluster } = await hostile(
    list(
      pod('true', '1m'),
      pod('negative', '-5'),
      pod('endless', '1e999'),
      pod('huge', '9'.repeat(500)),
      pod('x', 'x'),
    ),
  )
  expect([...((await read(cluster)) ?? [])].map(([name]) => name)).toEqual(['true'])
  expect((await sumPodUse(cluster, ['default'])).get('default')).toEqual({ cpu: 0.001, memory: 2 ** 20 })
})

test.each([
  ['no JSON', answers('<html>metrics</html>')],
  ['no list', answers('[]]')],
  ['numbers that are no text', list(pod('a', 1))],
  ['an answer that ends early', answers('{"items":[{"metadata":{"name":"a"')],
])('%s is shown as nothing and counts as nothing', async (_what, answer) => {
  const { cluster, asked } = await hostile(answer)
  expect(await read(cluster)).toBeNull()
  expect(await read(cluster)).toBeNull()
  expect(asked(), 'the answer for one space keeps no other from asking').toBe(2)
  await expect(sumPodUse(cluster, ['default'])).rejects.toMatchObject({ code: 'cluster_failed' })
})

test('a member’s pod with endless labels isn’t counted in the real list, and hides no one else’s', async () => {
  const { loud: space, quiet: neighbour } = spaces
  const sums = async () => {
    const found = await sumPodUse(broker, [space.namespace, neighbour.namespace])
    return [...found.values()].map(({ memory }) => memory / 2 ** 20)
  }
  await expect.poll(sums, measuredLate).toEqual([0, 64])
  const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${space.namespace}/pods`
  const length = async () => (await requestSized(fixture.admin, { method: 'GET', path }, z.unknown())).length
  await expect.poll(length, measuredLate).toBeGreaterThan(256 * 1024)
  expect(await sums()).toEqual([0, 64])
  const use = (one: typeof space) => readPodUse(broker, one.owner, one.namespace, next())
  await expect.poll(() => use(space), measuredLate).toEqual(new Map())
  await expect.poll(async () => (await use(neighbour))?.size, measuredLate).toBe(1)
})

test('of an endless list, a page keeps as many pods as it shows', async () => {
  const items = Array.from({ length: maxRead.pods + 1_000 }, (_, index) => pod(`p${index}`, '1m'))
  const { cluster } = await hostile(list(...items))
  expect((await read(cluster))?.size).toBe(maxRead.pods)
})

test('a server that never answers delays at most twenty pages, by three seconds', async () => {
  const { cluster, asked } = await hostile(() => {})
  const began = performance.now()
  const all = Array.from({ length: 30 }, () => read(cluster))
  expect(await Promise.all(all)).toEqual(all.map(() => null))
  expect(performance.now() - began).toBeLessThan(15_000)
  expect(asked()).toBeLessThanOrEqual(20)
  expect(await read(cluster)).toBeNull()
  expect(asked()).toBeLessThanOrEqual(20)
})
