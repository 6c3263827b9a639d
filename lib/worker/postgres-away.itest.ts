import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { projectRoot } from '#dev/project-root.ts'
import { startBreakableProxy } from '#dev/testing/breakable-proxy.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/broker-fixture.ts'
import { ownDatabase } from '#dev/testing/own-database.ts'
import { uniqueName } from '#dev/testing/unique-name.ts'
import { enqueueReconcile } from '#lib/db/enqueue-reconcile.ts'
import { readClusterId } from '#lib/db/read-cluster-id.ts'

/** A worker as run in production, whose network to Postgres fails in the middle of jobs. */
let fixture: BrokerFixture
let proxy: Awaited<ReturnType<typeof startBreakableProxy>>
let worker: ChildProcess
let output = ''

beforeAll(async () => {
  fixture = await openBrokerFixture()
  const direct = new URL((await ownDatabase()).databaseUrls.worker)
  proxy = await startBreakableProxy({ host: direct.hostname, port: Number(direct.port) })
  worker = spawn(join(projectRoot, 'bin', 'spaceport'), ['worker'], {
    env: {
      ...process.env,
      DATABASE_URL: Object.assign(new URL(direct), { hostname: '127.0.0.1', port: String(proxy.port) }).href,
      KUBECONFIG: inject('kubeBroker'),
      SPACEPORT_NAMESPACE_PREFIX: 'none',
      SPACEPORT_URL: 'https://spaceport.test',
      LOG_LEVEL: 'info',
    },
  })
  for (const stream of [worker.stdout, worker.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  await vi.waitFor(() => expect(output).toContain('the worker is ready'), { timeout: 30_000, interval: 100 })
})
afterAll(async () => {
  worker?.kill('SIGKILL')
  await fixture?.close()
  await proxy?.close()
})

async function enqueueSpace(): Promise<string> {
  const owner = await fixture.person('away')
  const [id, name] = [randomUUID(), uniqueName('away')]
  const clusterId = await readClusterId(fixture.services.db, 'default')
  await fixture.services.db.space.create({
    data: { id, clusterId, name, namespace: name, creation: randomUUID(), size: 'S', ownerId: owner.userId },
  })
  await enqueueReconcile(fixture.services.db, id, 0)
  return id
}
const isReady = (id: string) =>
  vi.waitFor(
    async () => {
      const space = await fixture.services.db.space.findUniqueOrThrow({ where: { id } })
      expect({ status: space.status, output: output.slice(-2_000) }).toMatchObject({ status: 'ready' })
    },
    { timeout: 40_000, interval: 200 },
  )

test('the worker survives Postgres going away while a job is marked as done, and goes on by itself', {
  timeout: 120_000,
}, async () => {
  await isReady(await enqueueSpace())
  // graphile-worker doesn't await this: a failure is an unhandled rejection.
  proxy.loseAnswerTo('complete_job', { thenBreak: true })
  await enqueueSpace()
  await vi.waitFor(() => expect(output).toContain('unhandled rejection'), 30_000)
  proxy.mend()
  await isReady(await enqueueSpace())
  expect(worker.exitCode).toBeNull()
})
