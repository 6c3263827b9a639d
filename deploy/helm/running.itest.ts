import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { z } from 'zod'
import { openAuthority } from '#dev/cluster/certificates.ts'
import { readKubeconfigContext } from '#dev/cluster/read-kubeconfig-context.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { type ManagedProcess, startProcess } from '#dev/process/managed-process.ts'
import { projectRoot } from '#dev/project-root.ts'
import { createKubectl } from '#dev/testing/kubectl.ts'
import { ownDatabase } from '#dev/testing/own-database.ts'
import type { Manifest } from '#lib/domain/manifest.ts'
import { charts, type Helm, namespace, openHelm, values } from './helm.ts'
import { environmentOf, podOf } from './pods.ts'

/**
 * Gateway and worker with the environment and the files of their pods, where a kubelet would put them: tokens that live an
 * hour, the cluster’s CA from its ConfigMap, and the kubeconfig.
 */
const dir = mkdtempSync(join(tmpdir(), 'spaceport-pods-'))
const running: ManagedProcess[] = []
let helm: Helm
let rendered: Manifest[]

beforeAll(async () => {
  helm = await openHelm()
  const { cluster } = await readKubeconfigContext(inject('kubeAdmin'), undefined)
  const server = z.string().parse(cluster.server)
  rendered = await helm.render(charts.spaceport, '--values', values.least, '--set', `clusters.own.server=${server}`)
}, 600_000)
afterAll(async () => {
  await Promise.all(running.map((process) => process.stop({ graceMs: 20_000 })))
  await helm.close()
  rmSync(dir, { recursive: true, force: true })
})

const kubectl = () => createKubectl({ program: inject('binaries').kubectl, kubeconfig: inject('kubeAdmin') })

/** Puts into one folder what the pod of a process mounts. @returns the environment, with paths in that folder */
async function mountFor(component: 'gateway' | 'worker', ports: Record<string, number>) {
  const root = join(dir, component)
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text, { mode: 0o600 })
  }
  const local = (text: string) =>
    text
      .replaceAll(/\/(etc|var\/run)\/spaceport\//g, (path) => join(root, path))
      .replaceAll(/0\.0\.0\.0:(\d+)/g, (_all, port: string) => `127.0.0.1:${ports[port] ?? port}`)
  const pod = podOf(rendered, component)
  const found = rendered.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'spaceport-kubeconfig')
  put(
    'etc/spaceport/kubeconfig/config',
    local(z.object({ data: z.object({ config: z.string() }) }).parse(found).data.config),
  )
  const where = ['--namespace', namespace]
  const token = await kubectl().ok(['create', 'token', pod.spec.serviceAccountName ?? '', ...where, '--duration', '1h'])
  put('var/run/spaceport/clusters/default/token', token.trim())
  const ca = await kubectl().ok([
    'get',
    'configmap',
    'kube-root-ca.crt',
    ...where,
    '--output',
    'jsonpath={.data.ca\\.crt}',
  ])
  put('var/run/spaceport/clusters/default/ca.crt', ca)
  const environment = environmentOf(pod)
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value && local(value)]))
}

async function start(
  component: 'gateway' | 'worker',
  env: Record<string, string | undefined>,
): Promise<ManagedProcess> {
  const process = await startProcess({
    ...{ name: component, command: join(projectRoot, 'bin', 'spaceport'), args: [component], cwd: dir },
    env: { PATH: globalThis.process.env.PATH, ...env, DATABASE_URL: (await ownDatabase()).databaseUrls[component] },
    logFile: join(dir, `${component}.log`),
  })
  running.push(process)
  return process
}

async function becomesReady(process: ManagedProcess, url: string): Promise<unknown> {
  const ready = async () => {
    if (process.exit()) throw new Error(process.tail())
    const response = await fetch(url)
    const body: unknown = await response.json()
    expect(body).toMatchObject({ status: 'ok' })
    return body
  }
  return vi.waitFor(ready, { timeout: 30_000, interval: 200 })
}

test('the gateway becomes ready, and ends when it is asked to', async () => {
  const ports = await freePorts('8443', '9091')
  const env = await mountFor('gateway', ports)
  const authority = await openAuthority(dir, 'the gateway’s')
  const { certFile, keyFile } = await authority.issue('gateway', {
    commonName: 'gateway',
    hosts: ['kube.example.com'],
    usages: ['server'],
  })
  const tls = { GATEWAY_TLS_CERT: certFile, GATEWAY_TLS_KEY: keyFile }
  const gateway = await start('gateway', { ...env, ...tls })
  expect(await becomesReady(gateway, `http://127.0.0.1:${ports['9091']}/readyz`)).toMatchObject({
    parts: { database: 'ok', 'cluster/default': 'ok' },
  })
  await gateway.stop({ graceMs: 45_000 })
  expect(gateway.exit()).toEqual({ code: 0, signal: null })
})

test('the worker becomes ready, as the broker, and ends when it is asked to', async () => {
  const ports = await freePorts('9090')
  const worker = await start('worker', await mountFor('worker', ports))
  expect(await becomesReady(worker, `http://127.0.0.1:${ports['9090']}/readyz`)).toMatchObject({
    parts: { database: 'ok', 'cluster/default': 'ok' },
  })
  await worker.stop({ graceMs: 60_000 })
  expect(worker.exit()).toEqual({ code: 0, signal: null })
})
