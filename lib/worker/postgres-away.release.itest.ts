import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { freePorts } from '#dev/ports/free-ports.ts'
import { projectRoot } from '#dev/project-root.ts'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { startBreakableProxy } from '#dev/testing/network/breakable-proxy.ts'
import { readClusterId } from '#lib/kernel/db/spaces/clusters.ts'
import { enqueueReconcile } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'

/** A production worker with a failing network to Postgres, at start and during jobs. */
let fixture: BrokerFixture
let proxy: Awaited<ReturnType<typeof startBreakableProxy>>
let worker: ChildProcess
let output = ''
let listen: number

beforeAll(async () => {
  fixture = await openBrokerFixture()
  const direct = new URL((await ownDatabase()).databaseUrls.worker)
  proxy = await startBreakableProxy({ host: direct.hostname, port: Number(direct.port) })
  proxy.break()
  listen = (await freePorts('listen')).listen
  worker = spawn(join(projectRoot, 'bin', 'spaceport'), ['worker'], {
    env: {
      ...process.env,
      WORKER_LISTEN: `127.0.0.1:${listen}`,
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

const ask = async (path: string) => {
  const answer = await fetch(`http://127.0.0.1:${listen}${path}`)
  return { status: answer.status, body: await answer.text() }
}

test('a worker that starts while Postgres is away is alive, not ready, and starts once Postgres is back', {
  timeout: 120_000,
}, async () => {
  await vi.waitFor(() => expect(output).toContain('Postgres is not usable yet'), { timeout: 30_000, interval: 100 })
  expect(await ask('/healthz')).toMatchObject({ status: 200 })
  const { status, body } = await ask('/readyz')
  expect(status).toBe(503)
  expect(JSON.parse(body)).toEqual({ status: 'unready', parts: { database: 'does not answer' } })
  expect(await ask('/metrics')).toMatchObject({ status: 200 })
  proxy.mend()
  await vi.waitFor(() => expect(output).toContain('the worker is ready'), { timeout: 30_000, interval: 100 })
  await vi.waitFor(async () => expect(await ask('/readyz')).toMatchObject({ status: 200 }), { timeout: 30_000 })
})

test('the worker survives Postgres going away while a job is marked as done, and recovers', {
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
