import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Call, followCalls } from '#bench/worker/follow-calls.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import { type Service, startService } from '#dev/stack/service.ts'
import { type OwnCluster, openOwnCluster } from '#dev/testing/cluster/own-cluster.ts'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { fastestOfThree } from '#dev/testing/fastest-of-three.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { startBreakableProxy } from '#dev/testing/network/breakable-proxy.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'
import { listManaged } from '#lib/kube/objects/list-managed.ts'
import { managedKinds } from '#lib/kube/objects/managed-kinds.ts'

type Worker = { service: Service; url: string; network: Awaited<ReturnType<typeof startBreakableProxy>> }

/** From the death of a leader until another worker has the lease. */
const takeoverMs = 2_000
/** The same for a leader that hangs. */
const hangMs = 10_000
/** The same for a leader that doesn't reach the cluster: it asks every five seconds, and abandons a call after ten. */
const unreachableMs = 20_000
/** Until the new leader has read everything, in a small cluster on a busy machine. */
const passMs = 20_000

const watched = ['namespaces', ...managedKinds.map(({ resource }) => resource)].sort()

let own: OwnCluster
let fixture: BrokerFixture
let clusters: Clusters
let calls: ReturnType<typeof followCalls>
const crashes: string[] = []
let workers: Worker[] = []
const seen: Call[] = []
const dir = mkdtempSync(join(tmpdir(), 'spaceport-workers-'))
const namespace = 'two-workers'

beforeAll(async () => {
  ;[own, fixture] = await Promise.all([openOwnCluster(), openBrokerFixture()])
  clusters = connectClusters({ kubeconfig: own.brokerKubeconfig, clusters: [] })
  const owner = await fixture.person('owner')
  const input = { name: namespace, description: '', size: 'S' as const, endsAt: null }
  await createSpace(fixture.as(owner, { clusters }), input)
  calls = followCalls(own.auditLog)
  const ports = await freePorts('first', 'second')
  workers = await Promise.all([start('first', ports.first), start('second', ports.second)])
}, 400_000)
afterAll(async () => {
  await Promise.all(workers.map(({ service, network }) => service.stop().then(() => network.close())))
  calls?.close()
  await clusters?.close()
  await fixture?.close()
  await own?.close()
  rmSync(dir, { recursive: true, force: true })
  expect(crashes).toEqual([])
})

async function start(name: string, port: number): Promise<Worker> {
  const url = `http://127.0.0.1:${port}`
  const server = new URL(own.broker.serverUrl)
  const network = await startBreakableProxy({ host: server.hostname, port: Number(server.port) })
  const kubeconfig = join(dir, `${name}.kubeconfig`)
  const behind = `https://127.0.0.1:${network.port}`
  writeFileSync(kubeconfig, readFileSync(own.brokerKubeconfig, 'utf8').replace(own.broker.serverUrl, behind))
  const service = await startService({
    name: `the ${name} worker`,
    command: launcher,
    args: ['worker'],
    env: {
      PATH: process.env.PATH ?? '',
      DATABASE_URL: (await ownDatabase()).databaseUrls.worker,
      KUBECONFIG: kubeconfig,
      SPACEPORT_NAMESPACE_PREFIX: 'none',
      SPACEPORT_URL: 'https://spaceport.test',
      WORKER_LISTEN: `127.0.0.1:${port}`,
    },
    cwd: projectRoot,
    logFile: join(dir, `${name}.log`),
    readyUrl: `${url}/readyz`,
    onCrash: (reason) => crashes.push(reason),
  })
  return { service, url, network }
}

async function leads({ url }: Worker): Promise<boolean> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return text.includes('spaceport_leads_cluster{cluster="default"} 1')
}

async function findLeader(): Promise<[leader: Worker, other: Worker]> {
  const [first, second] = workers
  if (!first || !second) throw new Error('there are no workers')
  return await vi.waitFor(
    async () => {
      const leading = [await leads(first), await leads(second)]
      expect(leading.filter(Boolean)).toHaveLength(1)
      return leading[0] ? [first, second] : [second, first]
    },
    { timeout: 20_000, interval: 100 },
  )
}

function called(verb: string): string[] {
  seen.push(...calls.read())
  return seen
    .filter((call) => call.verb === verb && watched.includes(call.resource))
    .map(({ resource }) => resource)
    .sort()
}
function forget(): void {
  calls.read()
  seen.length = 0
}

/** @returns milliseconds */
async function timeRepair(): Promise<number> {
  const cluster = own.admin
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    namespace,
    name: 'spaceport:admin',
  }
  const isThere = async () =>
    (await listManaged(cluster, namespace)).some(({ metadata }) => metadata.name === binding.name)
  await deleteObject(cluster, binding)
  const began = performance.now()
  await vi.waitFor(async () => expect(await isThere()).toBe(true), { timeout: 60_000, interval: 50 })
  return performance.now() - began
}

test('two workers cost the API server no more than one: one watch and one list of each kind', async () => {
  await findLeader()
  await vi.waitFor(() => expect(called('watch')).toEqual(watched), { timeout: 20_000, interval: 200 })
  await vi.waitFor(() => expect(called('list').filter((kind) => kind === 'resourcequotas')).toHaveLength(2), 30_000)
  await vi.waitFor(() => expect(called('list').filter((kind) => kind === 'rolebindings')).toHaveLength(2), 30_000)
  await new Promise((done) => setTimeout(done, 5_000))
  expect(called('watch')).toEqual(watched)
  expect(called('list')).toEqual([...watched, 'resourcequotas', 'rolebindings'].sort())
})

test('when the leader hangs, the other takes over and repairs; the first gives up once it runs again', async () => {
  const [leader, other] = await findLeader()
  forget()
  void leader.service.kill('SIGSTOP')
  expect(await timeRepair()).toBeLessThan(hangMs + passMs)
  expect(await leads(other)).toBe(true)
  void leader.service.kill('SIGCONT')
  await vi.waitFor(async () => expect(await leads(leader)).toBe(false), 30_000)
  expect(await leads(other)).toBe(true)
  await expect.poll(() => called('watch'), { interval: 200 }).toEqual(watched)
})

test('when the leader does not reach the cluster, the other takes over and repairs', async () => {
  const [leader, other] = await findLeader()
  forget()
  leader.network.silence()
  expect(await timeRepair()).toBeLessThan(unreachableMs + passMs)
  expect(await leads(other)).toBe(true)
  leader.network.mend()
  await expect.poll(() => called('watch'), { interval: 200 }).toEqual(watched)
})

test('when the leader is killed, the other takes over within seconds, and repairs changes in between', async () => {
  const takeOver = async () => {
    for (const { service } of workers) if (!service.isRunning()) await service.restart()
    const [leader, other] = await findLeader()
    forget()
    await leader.service.kill('SIGKILL')
    const killedAt = performance.now()
    const repair = timeRepair()
    await vi.waitFor(async () => expect(await leads(other)).toBe(true), { timeout: 20_000, interval: 50 })
    const took = performance.now() - killedAt
    expect(await repair).toBeLessThan(takeoverMs + passMs)
    await vi.waitFor(() => expect(called('watch')).toEqual(watched), { timeout: 20_000, interval: 200 })
    return took
  }
  // A busy machine polls late.
  const soonMs = takeoverMs + 4_000
  expect(await fastestOfThree(soonMs, takeOver)).toBeLessThan(soonMs)
})
