import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { freePorts } from '#dev/ports/free-ports.ts'
import { runCaptured } from '#dev/process/run-captured.ts'
import { connectClusters } from '#lib/kube/client/cluster.ts'
import { request } from '#lib/kube/client/request.ts'
import { applyObject } from '#lib/kube/objects/apply-object.ts'
import { createNamespace } from '#lib/kube/objects/create-namespace.ts'
import { findNamespace } from '#lib/kube/objects/find-namespace.ts'
import { helperPorts } from './arguments.ts'
import { type Binaries, buildControlPlane } from './build.ts'
import { type ControlPlane, startControlPlane } from './control-plane.ts'

/** The control plane that `npm start` runs. */
let dir: string
let binaries: Binaries
let controlPlane: ControlPlane | undefined
const ended: string[] = []
const report = () => {}

async function start(): Promise<ControlPlane> {
  const ports = await freePorts('apiserver', ...helperPorts)
  const onExit = (name: string) => ended.push(name)
  controlPlane = await startControlPlane({ dir, binaries, ports, fsync: false, report, onExit })
  return controlPlane
}

async function withAdmin<T>(work: (cluster: ReturnType<ReturnType<typeof connectClusters>['get']>) => Promise<T>) {
  const clusters = connectClusters({ kubeconfig: controlPlane?.adminKubeconfig ?? '', clusters: [] })
  try {
    return await work(clusters.get('default'))
  } finally {
    await clusters.close()
  }
}

const kubectl = (...args: string[]) =>
  runCaptured(binaries.kubectl, ['--kubeconfig', controlPlane?.adminKubeconfig ?? '', ...args])

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'spaceport-control-plane-'))
  binaries = (await buildControlPlane({ report })).binaries
  await start()
}, 120_000)

afterAll(async () => {
  await controlPlane?.stop()
  await rm(dir, { recursive: true, force: true })
})

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('a pod runs, and logs and exec answer', async () => {
  await withAdmin(async (cluster) => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', image: 'c' }] },
    }
    const pods = '/api/v1/namespaces/default/pods'
    const create = () => request(cluster, { method: 'POST', path: pods, body: pod }, z.unknown())
    await vi.waitFor(create, { timeout: 30_000, interval: 100 })
    const phase = z.object({ status: z.object({ phase: z.literal('Running') }) })
    await vi.waitFor(() => request(cluster, { method: 'GET', path: `${pods}/p` }, phase), { timeout: 30_000 })
  })
  expect(await kubectl('logs', 'p')).toMatchObject({ status: 0, stdout: expect.stringContaining('development node') })
  expect(await kubectl('exec', 'p', '--', 'hostname')).toMatchObject({ status: 0, stdout: 'p\n' })
})

test('keys and kubeconfigs are readable by their owner alone', async () => {
  const modeOf = async (path: string) => (await stat(path)).mode & 0o777
  for (const folder of ['.', 'pki', 'etcd']) expect(await modeOf(join(dir, folder))).toBe(0o700)
  const files = (await readdir(dir, { recursive: true })).filter((name) => /\.(key|kubeconfig)$/.test(name))
  expect(files.length).toBeGreaterThan(8)
  for (const file of files) expect(await modeOf(join(dir, file)), file).toBe(0o600)
})

test('after a restart in the same folder, it is the same cluster', async () => {
  await withAdmin((cluster) =>
    createNamespace(cluster, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kept' } }),
  )
  const pids = controlPlane?.processes().map(({ pid }) => pid) ?? []
  await controlPlane?.stop()
  expect(pids.filter(isAlive)).toEqual([])
  expect(ended).toEqual([])
  await start()
  expect(await withAdmin((cluster) => findNamespace(cluster, 'kept'))).toBeDefined()
  expect(await kubectl('exec', 'p', '--', 'hostname')).toMatchObject({ status: 0, stdout: 'p\n' })
})

test('a part that dies is reported by name', async () => {
  const scheduler = controlPlane?.processes().find(({ name }) => name === 'kube-scheduler')
  process.kill(scheduler?.pid ?? 0, 'SIGKILL')
  await vi.waitFor(() => expect(ended).toEqual(['kube-scheduler']), 30_000)
})

test('people’s requests are in its audit log', async () => {
  await withAdmin((cluster) =>
    applyObject(cluster, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'seen' } }),
  )
  const log = await runCaptured('grep', ['-c', '"requestURI":"/api/v1/namespaces/seen', controlPlane?.auditLog ?? ''])
  expect(log.status).toBe(0)
})
